import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveModelSource, type WeightBits } from '../../src/checkpoint/model-source';
import { openSafetensors } from '../../src/checkpoint/safetensors';
import { buildModel, graphFile } from '../../src/model/build-model';
import { readShape } from '../../src/model/inspect-checkpoint';
import { dataType, decodeModel } from '../../src/model/onnx-file/onnx-schema';
import { checkFault } from '../checkpoint/check-fault';
import { checkpointAt } from '../checkpoint/checkpoint-at';
import { type TestTensor, writeSafetensors } from '../checkpoint/write-safetensors';
import { lowestFreeDescriptors } from '../operating-system';
import { temporaryFolder } from '../temporary-folder';

const tinyLlama = join(__dirname, '../fixtures/tiny-llama');
const tinyGpt2 = join(__dirname, '../fixtures/tiny-gpt2');

/** A copy of tiny-llama without one tensor, with one more, or with other fields in its configuration. */
function changedTinyLlama({
  without = '',
  withOne,
  config = {},
}: {
  without?: string;
  withOne?: string;
  config?: object;
}): string {
  const folder = temporaryFolder();
  const source = openSafetensors(join(tinyLlama, 'model.safetensors'));
  const tensors: Record<string, TestTensor> = {};
  for (const name of source.names)
    if (name !== without)
      tensors[name] = { shape: source.shape(name), data: source.read(name, source.shape(name)) };
  if (withOne) tensors[withOne] = { shape: [2], data: new Float32Array(2) };
  source.close();
  writeSafetensors(join(folder, 'model.safetensors'), tensors);
  const original = JSON.parse(readFileSync(join(tinyLlama, 'config.json'), 'utf8'));
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...original, ...config }));
  return folder;
}

function builtGraph(checkpoint: string, bits: WeightBits) {
  const folder = temporaryFolder();
  buildModel(checkpointAt(checkpoint), folder, { bits });
  const { graph } = decodeModel(readFileSync(join(folder, graphFile)));
  return { graph, dataBytes: statSync(join(folder, `${graphFile}.data`)).size };
}

describe('the graph', () => {
  it('has the inputs and outputs of the table in decoder-graph.ts', () => {
    const { graph } = builtGraph(tinyLlama, 32);
    const signature = (values: typeof graph.input) =>
      values.map(({ name, type }) => {
        const dims = type.tensorType.shape.dim.map(dim => ('dimParam' in dim ? dim.dimParam : dim.dimValue));
        return `${name} [${dims}]`;
      });
    const layers = [0, 1, 2];
    expect(signature(graph.input)).toEqual([
      'ids [1,new]',
      'wanted [wanted]',
      ...layers.map(layer => `past_key.${layer} [past,2,16]`),
      ...layers.map(layer => `past_value.${layer} [past,2,16]`),
      'mask [queries,past + new]',
      'wanted_mask [queries,past + new]',
    ]);
    expect(signature(graph.output)).toEqual([
      'logits [wanted,96]',
      'best [wanted]',
      'best_log_prob [wanted]',
      'rows [layers * 2 * new,2,16]',
    ]);
  });

  it.each([
    // Queries, keys and values are one product, and so are gate and up.
    ['tiny-llama', tinyLlama, 4 * 3 + 1],
    ['tiny-gpt2', tinyGpt2, 4 * 3 + 1],
  ])('of %s rounds every matrix except the embedding table', (_, checkpoint, matrices) => {
    const { graph } = builtGraph(checkpoint, 4);
    expect(graph.node.filter(({ opType }) => opType === 'MatMulNBits')).toHaveLength(matrices);
    expect(graph.node.filter(({ opType }) => opType === 'MatMul')).toHaveLength(0);
  });

  it.each([
    ['the whole context', {}, ['mask', 'wanted_mask']],
    ['a window', { model_type: 'mistral', sliding_window: 8 }, ['mask.8', 'wanted_mask.8']],
    [
      'a window that holds the whole context',
      { model_type: 'mistral', sliding_window: 128 },
      ['mask', 'wanted_mask'],
    ],
  ])('has the mask of %s, if that is what its layers see', (_, config, masks) => {
    const { graph } = builtGraph(changedTinyLlama({ config }), 32);
    const names = graph.input.map(({ name }) => name);
    expect(names.filter(name => name.includes('mask'))).toEqual(masks);
  });

  it.each([
    [32, 'floats', dataType.float],
    [8, 'half floats', dataType.float16],
    ['stored', 'half floats', dataType.float16],
  ] as const)('of %s bits keeps keys and values as %s', (bits, _, type) => {
    const { graph } = builtGraph(tinyLlama, bits);
    const typeOf = (name: string) =>
      [...graph.input, ...graph.output].find(value => value.name === name)!.type.tensorType.elemType;
    expect(['past_key.0', 'past_value.2', 'rows'].map(typeOf)).toEqual([type, type, type]);
  });

  it('is smaller with fewer bits', () => {
    const [float, int8, int4] = ([32, 8, 4] as const).map(bits => builtGraph(tinyLlama, bits).dataBytes);
    expect(int8).toBeLessThan(0.4 * float!);
    expect(int4).toBeLessThan(0.7 * int8!);
  });

  it('has a tied embedding table only once in its weights file, as blocks', () => {
    const { graph } = builtGraph(join(__dirname, '../fixtures/tiny-qwen2'), 8);
    const [table] = graph.node.filter(({ opType }) => opType === 'GatherBlockQuantized');
    const output = graph.node.filter(({ opType }) => opType === 'MatMulNBits').at(-1)!;
    const offsetOf = (name: string | undefined) =>
      graph.initializer
        .find(tensor => tensor.name === name)!
        .externalData!.find(({ key }) => key === 'offset')!.value;
    expect(offsetOf(table!.input[0])).toBe(offsetOf(output.input[1]));
    expect(offsetOf(table!.input[2])).toBe(offsetOf(output.input[2]));
    const floats = graph.initializer.filter(({ name }) => name === 'model.embed_tokens.weight');
    expect(floats).toEqual([]);
  });

  it('has the same bytes in each build', () => {
    const [first, second] = [temporaryFolder(), temporaryFolder()];
    for (const folder of [first, second]) buildModel(checkpointAt(tinyGpt2), folder, { bits: 8 });
    expect(readdirSync(first)).toEqual([graphFile, `${graphFile}.data`]);
    for (const name of readdirSync(first))
      expect(readFileSync(join(first, name)).equals(readFileSync(join(second, name)))).toBe(true);
  });
});

it.each([
  'model.layers.0.self_attn.rotary_emb.inv_freq',
  'transformer.h.0.attn.bias',
  'gpt_neox.layers.0.attention.masked_bias',
  'transformer.h.0.attn.attention.bias',
  'score.weight',
])('ignores %s, which older checkpoints hold', name => {
  const folder = temporaryFolder();
  expect(buildModel(checkpointAt(changedTinyLlama({ withOne: name })), folder, { bits: 8 }).layers).toBe(3);
});

it('reads the sizes of a checkpoint without its weights', () => {
  const folder = temporaryFolder();
  copyFileSync(join(tinyLlama, 'config.json'), join(folder, 'config.json'));
  const sizes = {
    vocabulary: 96,
    layers: 3,
    width: 64,
    heads: 4,
    kvHeads: 2,
    headDim: 16,
    contextLength: 128,
  };
  expect(readShape(resolveModelSource(folder))).toMatchObject(sizes);
});

it.each([
  ['nothing', {}],
  ['another architecture', { model_type: 'mamba' }],
])('refuses a model_type of %s', (_, config) => {
  const folder = temporaryFolder();
  const path = join(folder, 'config.json');
  writeFileSync(path, JSON.stringify(config));
  checkFault(
    () => buildModel(checkpointAt(folder), folder, { bits: 8 }),
    path,
    'model_type',
    'expected one of ',
  );
});

describe('a failed build', () => {
  /** The build names the file and field, and leaves no file open. */
  function check(checkpoint: string, file: string, field: string, problem: string): void {
    const before = lowestFreeDescriptors();
    const out = temporaryFolder();
    checkFault(
      () => buildModel(checkpointAt(checkpoint), out, { bits: 8 }),
      join(checkpoint, file),
      field,
      problem,
    );
    expect(lowestFreeDescriptors()).toEqual(before);
    expect(readdirSync(out)).not.toContain(graphFile);
  }

  it('names a missing tensor', () => {
    const name = 'model.layers.2.mlp.up_proj.weight';
    check(changedTinyLlama({ without: name }), 'model.safetensors', `tensor '${name}'`, 'is missing');
  });

  it.each([
    ['a bias', 'model.layers.1.self_attn.q_proj.bias'],
    ['a layer too many', 'model.layers.3.mlp.up_proj.weight'],
  ])('names %s that the architecture does not use', (_, name) => {
    check(changedTinyLlama({ withOne: name }), 'model.safetensors', `tensor '${name}'`, 'expected none');
  });

  it('names a tensor that does not fit the configuration', () => {
    check(
      changedTinyLlama({ config: { intermediate_size: 97 } }),
      'model.safetensors',
      "tensor 'model.layers.0.mlp.gate_proj.weight'",
      'found shape [96,64], expected [97,64]',
    );
  });

  it('names the missing file of weights', () => {
    const folder = temporaryFolder();
    copyFileSync(join(tinyLlama, 'config.json'), join(folder, 'config.json'));
    check(folder, 'model.safetensors', 'file', 'ENOENT');
  });

  it('names the missing file of the configuration', () => {
    check(temporaryFolder(), 'config.json', 'file', 'ENOENT');
  });

  it('leaves no file open if it cannot write', () => {
    const before = lowestFreeDescriptors();
    expect(() => buildModel(checkpointAt(tinyLlama), join(temporaryFolder(), 'none'), { bits: 8 })).toThrow(
      'ENOENT',
    );
    expect(lowestFreeDescriptors()).toEqual(before);
  });
});
