/** GGUFs of more architectures, made from the tiny checkpoints: their logits, and the fields that we derive. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openGguf } from '../../src/checkpoint/gguf';
import { buildModel, graphFile } from '../../src/model/build-model';
import { openOnnxDecoder } from '../../src/onnx/onnx-decoder';
import { largestDifference } from '../model/golden-checkpoint';
import { temporaryFolder } from '../temporary-folder';
import { checkFault } from './check-fault';
import { checkpointAt } from './checkpoint-at';
import { packF32 } from './gguf-of-fixture';
import { newerGgufs } from './gguf-of-newer';
import { float32, type GgufParts, type GgufValue, ggufBytes, uint32 } from './write-gguf';

const fixtures = join(__dirname, '../fixtures');

function write(parts: GgufParts): string {
  const path = join(temporaryFolder(), 'model.gguf');
  writeFileSync(path, ggufBytes(parts));
  return path;
}

function make(name: string): GgufParts {
  const { fixture, make } = newerGgufs[name]!;
  return make(join(fixtures, fixture), packF32);
}

async function logitsOf(path: string, ids: readonly number[], wanted: readonly number[]): Promise<number[]> {
  const out = temporaryFolder();
  const shape = buildModel(checkpointAt(path), out, { bits: 32 });
  const decoder = await openOnnxDecoder(join(out, graphFile), shape, { threads: 1 });
  return [...(await decoder.run(ids, decoder.createCache(), wanted))];
}

/** The fixtures have a window of 8. These files do not state it, so only the logits before it are compared. */
const untilTheWindow = new Set(['mistral', 'starcoder2']);
/** The fixture uses the exact GELU, and the file stands for the approximation. */
const bounds: Readonly<Record<string, number>> = { gptneox: 1e-3 };

it.each(Object.entries(newerGgufs))(
  '%s as GGUF gives the logits of transformers',
  async (name, { fixture }) => {
    const golden = JSON.parse(readFileSync(join(fixtures, fixture, 'golden.json'), 'utf8'));
    const place = untilTheWindow.has(name) ? 7 : 23;
    const logits = await logitsOf(write(make(name)), golden.ids.slice(0, place + 1), [place]);
    expect(largestDifference(logits, golden.logits[place])).toBeLessThan(bounds[name] ?? 1e-5);
  },
);

describe('a value that the file does not state', () => {
  /** The configuration of a file in which some metadata is replaced. */
  function configOf(name: string, other: Readonly<Record<string, GgufValue>>) {
    const { metadata, tensors } = make(name);
    const { config, weights } = openGguf(write({ metadata: { ...metadata, ...other }, tensors: tensors! }));
    weights.close();
    return config;
  }

  it.each([
    ['gemma2', 26, 16],
    ['gemma2', 46, 9],
    ['gemma3', 18, 8],
    ['gemma3', 62, 9],
  ])('the scale of scores in a %s of %i layers is derived: %i', (name, layers, expected) => {
    const config = configOf(name, {
      [`${name}.block_count`]: uint32(layers),
      [`${name}.embedding_length`]: uint32(36),
    });
    expect(config.number('query_pre_attn_scalar')).toBe(expected);
  });

  it('Granite scales its scores as LLaMA does', () => {
    const config = configOf('granite', { 'granite.attention.scale': float32(0) });
    expect(config.number('attention_multiplier')).toBe(8 ** -0.5);
  });

  it('a window, cap or multiplier of 0 means that there is none', () => {
    expect(configOf('phi3', { 'phi3.attention.sliding_window': uint32(0) }).isNull('sliding_window')).toBe(
      true,
    );
    const uncapped = configOf('gemma2', { 'gemma2.final_logit_softcapping': float32(0) });
    expect(uncapped.isNull('final_logit_softcapping')).toBe(true);
    expect(configOf('granite', { 'granite.residual_scale': float32(0) }).has('residual_multiplier')).toBe(
      false,
    );
  });

  it("YaRN's bounds are the file's, if it states them", () => {
    const config = configOf('llama, YaRN', { 'llama.rope.scaling.yarn_beta_fast': float32(16) });
    expect(config.object('rope_scaling').number('beta_fast')).toBe(16);
    expect(config.object('rope_scaling').has('beta_slow')).toBe(false);
  });

  it('the turned part of a head has the width that the file states', () => {
    const config = configOf('phi2', { 'phi2.rope.dimension_count': uint32(6) });
    expect(Math.floor(8 * config.number('partial_rotary_factor'))).toBe(6);
  });
});

describe('opening refuses', () => {
  it.each<[string, string, GgufValue, string]>([
    ['mistral', 'llama.attention.sliding_window', uint32(8), 'found 8, expected 0: no graph of llama has it'],
    ['mistral', 'llama.rope.scale_linear', float32(2), 'found 2, expected 1'],
    ['phi2', 'phi2.expert_count', uint32(8), 'found 8, expected 0'],
    ['starcoder2', 'starcoder2.logit_scale', float32(0.5), 'found 0.5, expected 0'],
    ['gemma', 'gemma.final_logit_softcapping', float32(30), 'found 30, expected 0'],
    ['gemma', 'gemma.attention.causal', [7, false], 'expected true'],
    ['gemma', 'gemma.attention.value_length', uint32(8), 'found 8, expected 16'],
    ['gemma', 'gemma.rope.dimension_count', uint32(8), 'found 8, expected the 16 of a whole head'],
    ['granite', 'granite.rope.scaling.finetuned', [7, false], 'expected true'],
    ['llama, YaRN', 'llama.rope.scaling.attn_factor', float32(2), 'found 2, expected 1'],
    ['llama, YaRN', 'llama.rope.scaling.yarn_log_multiplier', float32(0.5), 'found 0.5, expected 0'],
    [
      'granitehybrid',
      'granitehybrid.attention.head_count_kv',
      [9, 5, [2, 0]],
      'found [2,0], expected one number',
    ],
    ['granitehybrid', 'granitehybrid.expert_count', uint32(8), 'found 8, expected 0: no graph of'],
    ['granite', 'split.count', uint32(3), 'found 3, but the name does not say that this is one of 3 parts'],
  ])('%s with %s', (name, key, value, problem) => {
    const { metadata, tensors } = make(name);
    const path = write({ metadata: { ...metadata, [key]: value }, tensors: tensors! });
    checkFault(() => openGguf(path), path, key, problem);
  });

  it('LongRoPE factors that do not fit half a head', () => {
    const { metadata, tensors } = make('phi3 with LongRoPE');
    const name = 'rope_factors_short.weight';
    const long = { ...tensors![name]!, dims: [3, 1] };
    const path = write({ metadata: metadata!, tensors: { ...tensors, [name]: long } });
    checkFault(
      () => openGguf(path),
      path,
      `tensor '${name}'`,
      'found F32 of shape [1,3], expected F32 of half',
    );
  });
});
