/** A model that is cut into parts, as `llama-gguf-split` cuts it. */
import { rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openGguf } from '../../src/checkpoint/gguf';
import { resolveModelSource } from '../../src/checkpoint/model-source';
import { checkpointFiles } from '../../src/checkpoint/open-checkpoint';
import type { TensorSource } from '../../src/checkpoint/tensor-source';
import { loadGgufTokenizer } from '../../src/tokenizer/gguf-tokenizer';
import { temporaryFolder } from '../temporary-folder';
import { checkFault } from './check-fault';
import { checkpointAt } from './checkpoint-at';
import { ggufOfTinyLlama, packQ8_0 } from './gguf-of-fixture';
import { type GgufParts, ggufBytes, texts, text as textValue } from './write-gguf';

const tinyLlama = join(__dirname, '../fixtures/tiny-llama');

function whole(): GgufParts {
  const parts = ggufOfTinyLlama(tinyLlama, packQ8_0);
  const vocabulary = {
    'tokenizer.ggml.model': textValue('gpt2'),
    'tokenizer.ggml.pre': textValue('gpt-2'),
    'tokenizer.ggml.tokens': texts([...'abcdefgh', 'ab']),
    'tokenizer.ggml.merges': texts(['a b']),
  };
  return { ...parts, metadata: { ...parts.metadata, ...vocabulary } };
}

/** The metadata is in the first part only, and each part has its own numbers, as `gguf-split.cpp` writes them. */
function partsOf({ metadata, tensors = {} }: GgufParts, count: number, stated = {}): GgufParts[] {
  const names = Object.keys(tensors);
  const size = Math.ceil(names.length / count);
  return Array.from({ length: count }, (_, index) => ({
    metadata: {
      ...(index === 0 && metadata),
      'split.no': [2, index],
      'split.count': [2, count],
      'split.tensors.count': [5, names.length],
      ...stated,
    },
    tensors: Object.fromEntries(
      names.slice(index * size, (index + 1) * size).map(name => [name, tensors[name]!]),
    ),
  }));
}

const nameOf = (part: number, count: number) => `tiny-0000${part}-of-0000${count}.gguf`;

/** @returns the paths of the parts */
function write(parts: readonly GgufParts[], folder = temporaryFolder()): string[] {
  return parts.map((part, index) => {
    const path = join(folder, nameOf(index + 1, parts.length));
    writeFileSync(path, ggufBytes(part));
    return path;
  });
}

function weightsOf(path: string): TensorSource {
  const { weights } = openGguf(path);
  onTestFinished(() => weights.close());
  return weights;
}

function valuesOf(source: TensorSource): Map<string, Float32Array> {
  return new Map([...source.names].sort().map(name => [name, source.read(name, source.shape(name))]));
}

describe('a model in three parts', () => {
  it('has the configuration and the tensors of the whole, value for value', () => {
    const path = join(temporaryFolder(), 'tiny.gguf');
    writeFileSync(path, ggufBytes(whole()));
    const [first = ''] = write(partsOf(whole(), 3));
    expect(valuesOf(weightsOf(first))).toEqual(valuesOf(weightsOf(path)));
    expect(openGguf(first).config.integer('num_hidden_layers')).toBe(
      openGguf(path).config.integer('num_hidden_layers'),
    );
  });

  it('is the same model whichever part is given', () => {
    const paths = write(partsOf(whole(), 3));
    for (const path of paths)
      expect(resolveModelSource(path)).toMatchObject({
        kind: 'gguf',
        file: paths[0],
        tokenizerPath: paths[0],
      });
    expect(valuesOf(weightsOf(paths[2]!))).toEqual(valuesOf(weightsOf(paths[0]!)));
  });

  it('has its tokenizer in the first part, and the table that it is compared with in any', () => {
    const { metadata, tensors = {} } = whole();
    // The table of embeddings in the last part, as a converter may write it.
    const { 'token_embd.weight': table, ...others } = tensors;
    const paths = write(
      partsOf({ metadata: metadata!, tensors: { ...others, 'token_embd.weight': table! } }, 3),
    );
    expect(loadGgufTokenizer(paths[0]!).encode('abc')).toEqual([8, 2]);
  });

  it('is built again if any of its parts changes', () => {
    const paths = write(partsOf(whole(), 3));
    expect(checkpointFiles(checkpointAt(paths[1]!))).toEqual(paths);
  });

  it('may have no tensors in its first part', () => {
    const { tensors = {} } = whole();
    const [first, second] = partsOf(whole(), 2);
    const [path = ''] = write([{ metadata: first!.metadata! }, { metadata: second!.metadata!, tensors }]);
    expect(weightsOf(path).names).toHaveLength(Object.keys(tensors).length);
  });
});

it('a whole file may say that it is one of one', () => {
  const [path = ''] = write(partsOf(whole(), 1));
  expect(weightsOf(path).names.length).toBeGreaterThan(0);
});

describe('opening refuses', () => {
  it.each([1, 2, 3])('a model whose part %i is missing, whichever part is given', missing => {
    const paths = write(partsOf(whole(), 3));
    const [gone] = paths.splice(missing - 1, 1);
    rmSync(gone!);
    for (const path of paths)
      checkFault(
        () => resolveModelSource(path),
        gone!,
        'file',
        `is not there: it is part ${missing} of the 3 of ${basename(path)}; put all parts into one folder`,
      );
  });

  it('a part under the name of another', () => {
    const [first, second] = partsOf(whole(), 2);
    const paths = write([first!, first!, second!].slice(0, 2));
    checkFault(
      () => openGguf(paths[0]!),
      paths[1]!,
      'split.no',
      'found 0, expected 1, as its name says; download this part again',
    );
  });

  it('a part of a model that was cut otherwise', () => {
    const [first] = partsOf(whole(), 2);
    const paths = write([first!, partsOf(whole(), 3)[1]!]);
    checkFault(() => openGguf(paths[0]!), paths[1]!, 'split.count', 'found 3, expected 2');
  });

  it('a part of another model: a tensor is there twice', () => {
    const [first, second] = partsOf(whole(), 2);
    const [name, tensor] = Object.entries(first!.tensors!)[0]!;
    const paths = write([first!, { ...second!, tensors: { ...second!.tensors, [name]: tensor } }]);
    checkFault(
      () => openGguf(paths[0]!),
      paths[1]!,
      `tensor '${name}'`,
      `is also in ${nameOf(1, 2)}: the parts belong to different files`,
    );
  });

  it('a part of another model: tensors are missing', () => {
    const [first, second] = partsOf(whole(), 2);
    const paths = write([first!, { ...second!, tensors: {} }]);
    checkFault(() => openGguf(paths[0]!), paths[0]!, 'split.tensors.count', 'tensors in all parts');
  });

  it('a part whose name does not say that it is one', () => {
    const path = join(temporaryFolder(), 'renamed.gguf');
    writeFileSync(path, ggufBytes(partsOf(whole(), 2)[0]!));
    checkFault(
      () => openGguf(path),
      path,
      'split.count',
      'found 2, but the name does not say that this is one of 2 parts; call the parts renamed-00001-of-00002.gguf and so on',
    );
  });
});
