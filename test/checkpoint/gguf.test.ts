/** A GGUF made from a tiny checkpoint as llama.cpp's converter would make it gives the same tensors and logits. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openGguf } from '../../src/checkpoint/gguf';
import { resolveModelSource } from '../../src/checkpoint/model-source';
import { openSafetensors } from '../../src/checkpoint/safetensors';
import type { TensorSource } from '../../src/checkpoint/tensor-source';
import { buildModel, graphFile } from '../../src/model/build-model';
import { readShape } from '../../src/model/inspect-checkpoint';
import { scaledFrequencies } from '../../src/model/rotary';
import { openOnnxDecoder } from '../../src/onnx/onnx-decoder';
import { relativeError } from '../model/relative-error';
import { temporaryFolder } from '../temporary-folder';
import { checkFault } from './check-fault';
import { checkpointAt } from './checkpoint-at';
import {
  ggufOfTinyGpt2,
  ggufOfTinyLlama,
  ggufOfTinyQwen2,
  ggufOfTinyQwen3,
  type Pack,
  packF32,
  packQ4_1,
  packQ8_0,
} from './gguf-of-fixture';
import {
  float32,
  type GgufParts,
  type GgufTestTensor,
  type GgufValue,
  ggufBytes,
  text,
  uint32,
} from './write-gguf';

const fixture = (name: string) => join(__dirname, '../fixtures', name);

function write(parts: GgufParts): string {
  const path = join(temporaryFolder(), 'model.gguf');
  writeFileSync(path, ggufBytes(parts));
  return path;
}

function open(parts: GgufParts): TensorSource {
  const { weights } = openGguf(write(parts));
  onTestFinished(() => weights.close());
  return weights;
}

const makers = { 'tiny-llama': ggufOfTinyLlama, 'tiny-gpt2': ggufOfTinyGpt2 };

describe.each(['tiny-llama', 'tiny-gpt2'] as const)('%s as GGUF', name => {
  it('has the tensors of the folder, value for value', () => {
    const folder = openSafetensors(join(fixture(name), 'model.safetensors'));
    onTestFinished(() => folder.close());
    const weights = open(makers[name](fixture(name), packF32));
    const strip = (tensor: string) => tensor.replace(/^transformer\./, '');
    expect([...weights.names].sort()).toEqual(folder.names.map(strip).sort());
    for (const tensor of folder.names) {
      const shape = folder.shape(tensor);
      expect(weights.shape(strip(tensor))).toEqual(shape);
      expect(weights.read(strip(tensor), shape)).toEqual(folder.read(tensor, shape));
    }
  });

  it('gives the logits of transformers', async () => {
    const golden = JSON.parse(readFileSync(join(fixture(name), 'golden.json'), 'utf8'));
    const logits = await logitsOf(write(makers[name](fixture(name), packF32)), 32, golden.ids, [23]);
    for (const [id, expected] of golden.logits['23'].entries())
      expect(Math.abs(logits[id]! - expected)).toBeLessThan(1e-4);
  });

  it.each<[string, Pack, number]>([
    ['Q8_0', packQ8_0, 0.06],
    ['Q4_1', packQ4_1, 0.06],
  ])('stored as %s runs with exactly the numbers of the file', async (_, pack, bound) => {
    const ids = Array.from({ length: 24 }, (_, i) => (i * 37) % 96);
    const all = [...ids.keys()];
    const path = write(makers[name](fixture(name), pack));
    const stored = await logitsOf(path, 'stored', ids, all);
    // Compared with the float graph of the dequantised values, so that only the rounding of activations remains.
    const floats = await logitsOf(path, 32, ids, all);
    expect(relativeError(stored, floats)).toBeLessThan(bound);
  });
});

async function logitsOf(
  checkpoint: string,
  bits: 32 | 'stored',
  ids: readonly number[],
  wanted: readonly number[],
): Promise<Float32Array> {
  const folder = temporaryFolder();
  const shape = buildModel(checkpointAt(checkpoint), folder, { bits });
  expect(readShape(resolveModelSource(checkpoint))).toEqual(shape);
  const decoder = await openOnnxDecoder(join(folder, graphFile), shape, { threads: 1 });
  return decoder.run(ids, decoder.createCache(), wanted);
}

describe.each([
  // Its fixture has a window of 8. A GGUF of Qwen2 does not state it, so only the logits before it are compared.
  { name: 'tiny-qwen2', make: ggufOfTinyQwen2, place: 7 },
  { name: 'tiny-qwen3', make: ggufOfTinyQwen3, place: 23 },
])('$name as GGUF', ({ name, make, place }) => {
  it('gives the logits of transformers', async () => {
    const golden = JSON.parse(readFileSync(join(fixture(name), 'golden.json'), 'utf8'));
    const ids = golden.ids.slice(0, place + 1);
    const logits = await logitsOf(write(make(fixture(name), packF32)), 32, ids, [place]);
    for (const [id, expected] of golden.logits[place].entries())
      expect(Math.abs(logits[id]! - expected)).toBeLessThan(1e-4);
  });
});

describe('the rows of queries and keys', () => {
  it('are moved in blocks as well, whole rows at a time', () => {
    const source = open(ggufOfTinyLlama(fixture('tiny-llama'), packQ4_1));
    for (const [part, rows] of [
      ['q_proj', 64],
      ['k_proj', 32],
      ['v_proj', 32],
    ] as const) {
      const name = `model.layers.1.self_attn.${part}.weight`;
      const values = source.read(name, [rows, 64]);
      const { packed, scales, offsets } = source.readBlocks!(name, rows, 64)!;
      for (let i = 0; i < values.length; i++) {
        const level = (packed[i >> 1]! >> (i & 1 ? 4 : 0)) & 0xf;
        const value = (level - 8) * scales[i >> 5]! + offsets![i >> 5]!;
        expect(value).toBeCloseTo(values[i]!, 6);
      }
    }
  });
});

describe('LLaMA 3 positions', () => {
  /** The divisors that llama.cpp's converter writes for `factor`, over heads of 16. */
  const divisors = (factor: number, low = 1) =>
    Array.from({ length: 8 }, (_, i) => {
      const wavelength = 2 * Math.PI * 10_000 ** (i / 8);
      if (wavelength < 8192 / 4) return 1;
      if (wavelength > 8192 / low) return factor;
      const smooth = (8192 / wavelength - low) / (4 - low);
      return 1 / ((1 - smooth) / factor + smooth);
    });
  const withFactors = (values: readonly number[]): GgufParts => {
    const parts = ggufOfTinyLlama(fixture('tiny-llama'), packF32);
    const factors: GgufTestTensor = {
      dims: [values.length],
      type: 0,
      data: new Uint8Array(Float32Array.from(values).buffer),
    };
    return { ...parts, tensors: { ...parts.tensors, 'rope_freqs.weight': factors } };
  };

  it('are recognised by their divisors', () => {
    const { config, weights } = openGguf(write(withFactors(divisors(32))));
    weights.close();
    expect(config.unknown('rope_scaling')).toEqual({
      rope_type: 'llama3',
      factor: 32,
      low_freq_factor: 1,
      high_freq_factor: 4,
      original_max_position_embeddings: 8192,
    });
  });

  it('are recognised by the frequencies of the graph', () => {
    const rule = { lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContext: 8192 };
    const plain = scaledFrequencies(10_000, 16, { rule: 'default' });
    const scaled = scaledFrequencies(10_000, 16, { rule: 'llama3', factor: 32, ...rule });
    const { config, weights } = openGguf(write(withFactors(plain.map((f, i) => f / scaled[i]!))));
    weights.close();
    expect(config.unknown('rope_scaling')).toMatchObject({ rope_type: 'llama3', factor: 32 });
  });

  it('of another rule are refused', () => {
    const path = write(withFactors(divisors(8, 2).map((value, i) => value * (i === 7 ? 1.1 : 1))));
    checkFault(() => openGguf(path), path, "tensor 'rope_freqs.weight'", 'found divisors of another rule');
  });
});

it.each(['blk.0.attn_rot_embd.inv_freq', 'v.blk.0.attn_q.weight', 'cls.weight'])(
  'leaves %s aside, which no layer needs',
  name => {
    const { tensors, ...rest } = ggufOfTinyLlama(fixture('tiny-llama'), packF32);
    const more = { [name]: { dims: [2], ...packF32(new Float32Array(2)) } };
    const path = write({ ...rest, tensors: { ...tensors, ...more } });
    expect(buildModel(checkpointAt(path), temporaryFolder(), { bits: 8 }).layers).toBe(3);
  },
);

describe('opening or reading refuses', () => {
  const tiny = () => ggufOfTinyLlama(fixture('tiny-llama'), packF32);
  const build = (parts: GgufParts) => {
    const path = write(parts);
    return { path, act: () => buildModel(checkpointAt(path), temporaryFolder(), { bits: 8 }) };
  };

  it('an architecture that is unknown or not stated', () => {
    const mamba = build({ metadata: { 'general.architecture': text('mamba') } });
    checkFault(
      mamba.act,
      mamba.path,
      'general.architecture',
      'found "mamba", expected one of llama, qwen2, qwen3, gemma, gemma2, gemma3, granite, ',
    );
    const none = build({});
    checkFault(none.act, none.path, 'general.architecture', 'found nothing');
  });

  it('wrong metadata, and names its key', () => {
    const { metadata, ...rest } = tiny();
    const { 'llama.embedding_length': _, ...without } = metadata!;
    const missing = build({ ...rest, metadata: without });
    checkFault(missing.act, missing.path, 'llama.embedding_length', 'found nothing');
    const absurd = build({ ...rest, metadata: { ...metadata, 'llama.block_count': uint32(4e9) } });
    checkFault(absurd.act, absurd.path, 'llama.block_count', 'found 4000000000, expected a number from 1 to');
    const epsilon = build({
      ...rest,
      metadata: { ...metadata, 'llama.attention.layer_norm_rms_epsilon': float32(Number.NaN) },
    });
    checkFault(epsilon.act, epsilon.path, 'llama.attention.layer_norm_rms_epsilon', 'expected a number');
  });

  it('a mixture of experts', () => {
    const { metadata, ...rest } = tiny();
    const { path, act } = build({ ...rest, metadata: { ...metadata, 'llama.expert_count': uint32(8) } });
    checkFault(act, path, 'llama.expert_count', 'found 8, expected 0');
  });

  /** The same file with one tensor replaced. */
  const replaced = (name: string, change: Partial<GgufTestTensor> | undefined) => {
    const { tensors, ...rest } = tiny();
    const { [name]: old, ...others } = tensors!;
    return build({ ...rest, tensors: change ? { ...others, [name]: { ...old!, ...change } } : others });
  };

  it('a tensor that is missing', () => {
    const { path, act } = replaced('blk.1.ffn_up.weight', undefined);
    checkFault(act, path, "tensor 'model.layers.1.mlp.up_proj.weight'", 'is missing');
  });

  it('a tensor of another shape', () => {
    const { path, act } = replaced('blk.1.ffn_up.weight', { dims: [96, 64] });
    checkFault(act, path, "tensor 'blk.1.ffn_up.weight'", 'found shape [64,96], expected [96,64]');
  });

  it.each(['blk.0.post_attention_norm.weight', 'blk.1.attn_q.scale', 'blk.2.attn_qkv.weight'])(
    '%s, which LLaMA has no place for',
    name => {
      const { path, act } = replaced(name, { dims: [2], ...packF32(new Float32Array(2)) });
      checkFault(act, path, `tensor '${name}'`, 'found it, expected none of this name');
    },
  );

  it('a type that we do not read, and names it', () => {
    const { path, act } = replaced('output.weight', { type: 24 });
    checkFault(act, path, "tensor 'output.weight'", 'found type I8, expected one of F32, F16, BF16, Q4_0');
  });

  it.each([
    [16, 'IQ2_XXS', 256, 66],
    [17, 'IQ2_XS', 256, 74],
    [18, 'IQ3_XXS', 256, 98],
    [19, 'IQ1_S', 256, 50],
    [21, 'IQ3_S', 256, 110],
    [22, 'IQ2_S', 256, 82],
    [29, 'IQ1_M', 256, 56],
    [39, 'MXFP4', 32, 17],
    [40, 'NVFP4', 64, 36],
    [41, 'Q1_0', 128, 18],
  ])('type %i, %s, when the file is opened', (type, name, elements, bytes) => {
    const parts = ggufOfTinyLlama(fixture('tiny-llama'), packF32);
    const odd = { dims: [elements, 1], type, data: new Uint8Array(bytes) };
    const path = write({ ...parts, tensors: { ...parts.tensors, 'output.weight': odd } });
    const problem = `found type ${name}, expected one of F32`;
    checkFault(() => openGguf(path), path, "tensor 'output.weight'", problem);
    checkFault(
      () => openGguf(path),
      path,
      "tensor 'output.weight'",
      'take another quantisation of the model',
    );
  });

  it('a list of numbers that differ between layers', () => {
    const parts = ggufOfTinyLlama(fixture('tiny-llama'), packF32);
    const metadata = { ...parts.metadata, 'llama.attention.head_count_kv': [9, 5, [2, 0, 2]] as GgufValue };
    const path = write({ ...parts, metadata });
    const problem = 'found [2,0,2], expected one number: layers that differ are not supported';
    checkFault(() => openGguf(path), path, 'llama.attention.head_count_kv', problem);
  });
});

describe('opening accepts', () => {
  it.each(['attention.head_count', 'attention.head_count_kv', 'feed_forward_length'])(
    'a list of equal numbers in %s',
    key => {
      const parts = ggufOfTinyLlama(fixture('tiny-llama'), packF32);
      const [, value] = parts.metadata![`llama.${key}`] as [number, number];
      const path = write({
        ...parts,
        metadata: { ...parts.metadata, [`llama.${key}`]: [9, 5, [value, value, value]] as GgufValue },
      });
      const plain = readShape(resolveModelSource(write(parts)));
      expect(readShape(resolveModelSource(path))).toEqual(plain);
      // The order of rows depends on the number of heads.
      const name = 'model.layers.1.self_attn.k_proj.weight';
      const weights = openGguf(path).weights;
      onTestFinished(() => weights.close());
      expect(weights.read(name, [32, 64])).toEqual(open(parts).read(name, [32, 64]));
    },
  );

  it('a context of ten million tokens, and uses no more of them than pays', () => {
    const parts = ggufOfTinyLlama(fixture('tiny-llama'), packF32);
    const path = write({
      ...parts,
      metadata: { ...parts.metadata, 'llama.context_length': uint32(10_485_760) },
    });
    expect(readShape(resolveModelSource(path)).contextLength).toBe(131_072);
  });
});
