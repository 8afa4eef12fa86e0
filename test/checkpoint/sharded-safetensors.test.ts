/** Weights in several files give the same graph as in one. A wrong index is an error of one line. */

import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkpointFiles, openWeights } from '../../src/checkpoint/open-checkpoint';
import { openSafetensors } from '../../src/checkpoint/safetensors';
import { buildModel } from '../../src/model/build-model';
import { canLink, lowestFreeDescriptors } from '../operating-system';
import { temporaryFolder } from '../temporary-folder';
import { checkFault } from './check-fault';
import { checkpointAt } from './checkpoint-at';
import { type TestTensor, writeSafetensors } from './write-safetensors';

const tinyLlama = join(__dirname, '../fixtures/tiny-llama');
const indexName = 'model.safetensors.index.json';
const fileOf = (shard: number) => `model-0000${shard + 1}-of-00003.safetensors`;

type Tensors = Record<string, TestTensor>;

/** A folder with the configuration of tiny-llama and these files of tensors. */
function shardedFolder(files: Readonly<Record<string, Tensors>>, index: object): string {
  const folder = temporaryFolder();
  copyFileSync(join(tinyLlama, 'config.json'), join(folder, 'config.json'));
  for (const [name, tensors] of Object.entries(files)) writeSafetensors(join(folder, name), tensors);
  writeFileSync(join(folder, indexName), JSON.stringify(index));
  return folder;
}

/** tiny-llama, with its tensors spread over three files in turn. */
function tinyLlamaInThree() {
  const files: Record<string, Tensors> = {};
  const weight_map: Record<string, string> = {};
  const source = openSafetensors(join(tinyLlama, 'model.safetensors'));
  for (const [place, name] of source.names.entries()) {
    const file = fileOf(place % 3);
    const shape = source.shape(name);
    files[file] = { ...files[file], [name]: { shape, data: source.read(name, shape) } };
    weight_map[name] = file;
  }
  source.close();
  return { files, index: { metadata: { total_size: 1 }, weight_map } };
}

function built(checkpoint: string): Buffer[] {
  const out = temporaryFolder();
  buildModel(checkpointAt(checkpoint), out, { bits: 8 });
  return readdirSync(out).map(name => readFileSync(join(out, name)));
}

describe('a checkpoint in three files', () => {
  it('gives the same graph, byte for byte', () => {
    const { files, index } = tinyLlamaInThree();
    const [graph, weights] = built(shardedFolder(files, index));
    const [expectedGraph, expectedWeights] = built(tinyLlama);
    expect(graph!.equals(expectedGraph!)).toBe(true);
    expect(weights!.equals(expectedWeights!)).toBe(true);
  });

  it('is keyed by its configuration, its index and every file', () => {
    const { files, index } = tinyLlamaInThree();
    const folder = shardedFolder(files, index);
    const names = ['config.json', indexName, fileOf(0), fileOf(1), fileOf(2)];
    expect(checkpointFiles(checkpointAt(folder))).toEqual(names.map(name => join(folder, name)));
  });

  it('opens the file of a tensor once, and closes all', () => {
    const { files, index } = tinyLlamaInThree();
    const before = lowestFreeDescriptors();
    const source = openWeights(checkpointAt(shardedFolder(files, index)));
    expect(lowestFreeDescriptors()).toEqual(before);
    for (const name of Object.keys(files[fileOf(1)]!)) source.shape(name);
    expect(lowestFreeDescriptors().slice(0, 3)).toEqual(before.slice(1));
    for (const name of source.names) source.shape(name);
    expect(lowestFreeDescriptors()[0]).toEqual(before[3]);
    source.close();
    expect(lowestFreeDescriptors()).toEqual(before);
  });

  if (canLink)
    it('may be links out of the folder, as in the cache of huggingface_hub', () => {
      const { files, index } = tinyLlamaInThree();
      const blobs = shardedFolder(files, index);
      const snapshot = join(temporaryFolder(), 'snapshots');
      mkdirSync(snapshot);
      for (const name of readdirSync(blobs)) symlinkSync(join(blobs, name), join(snapshot, name));
      expect(built(snapshot)[1]!.equals(built(tinyLlama)[1]!)).toBe(true);
    });

  it('is not used if the whole file is there too', () => {
    const folder = shardedFolder({}, { weight_map: { x: 'none.safetensors' } });
    copyFileSync(join(tinyLlama, 'model.safetensors'), join(folder, 'model.safetensors'));
    expect(built(folder)[1]!.equals(built(tinyLlama)[1]!)).toBe(true);
  });
});

describe('an index is refused', () => {
  const one: Tensors = { a: { shape: [1], data: Float32Array.of(1) } };
  const readAll = (folder: string) => {
    const source = openWeights(checkpointAt(folder));
    onTestFinished(() => source.close());
    for (const name of source.names) source.shape(name);
  };

  /** Reading all tensors is refused, with an error about `file` of the folder. */
  function check(
    files: Readonly<Record<string, Tensors>>,
    index: object,
    file: string,
    field: string,
    problem: string,
  ) {
    const folder = shardedFolder(files, index);
    checkFault(() => readAll(folder), join(folder, file), field, problem);
  }

  it.each([
    ['no weight_map', {}, 'weight_map', 'found nothing, expected an object'],
    ['a list', { weight_map: ['a'] }, 'weight_map', 'found ["a"], expected an object'],
    ['a number for a file', { weight_map: { a: 1 } }, 'weight_map.a', 'found 1, expected a string'],
  ])('with %s', (_, index, field, problem) => check({}, index, indexName, field, problem));

  it.each(['../x', '/etc/passwd', 'a/../../x', 'sub/x', '..', '.', '', 'C:x', '..\\x', 'a\0'])(
    'that names the file %j',
    file => {
      check(
        {},
        { weight_map: { a: file } },
        indexName,
        'weight_map.a',
        'the name of a file beside the index',
      );
    },
  );

  it('whose file is missing or a folder', () => {
    const index = { weight_map: { a: 'x' } };
    check({}, index, 'x', 'file', 'cannot be read (ENOENT)');
    const folder = shardedFolder({}, index);
    mkdirSync(join(folder, 'x'));
    checkFault(() => readAll(folder), join(folder, 'x'), 'file', 'is not a file');
  });

  if (canLink)
    it('whose file is a link to itself', () => {
      const folder = shardedFolder({}, { weight_map: { a: 'x' } });
      symlinkSync('x', join(folder, 'x'));
      checkFault(() => readAll(folder), join(folder, 'x'), 'file', 'cannot be read (ELOOP)');
    });

  it('that places a tensor where it is not', () => {
    const index = { weight_map: { a: 'x', b: 'x' } };
    check({ x: one }, index, 'x', "tensor 'b'", `is missing, but ${indexName} places it here`);
  });

  it('whose tensor is also in a second file, or only in a file that it does not name', () => {
    const two = { x: one, y: { ...one, b: one['a']! } };
    check(
      two,
      { weight_map: { a: 'x', b: 'y' } },
      'y',
      "tensor 'a'",
      `is here, but ${indexName} places it in x`,
    );
    check({ y: two.y }, { weight_map: { b: 'y' } }, 'y', "tensor 'a'", 'places it in no file');
  });

  it('that lacks a tensor', () => {
    const folder = shardedFolder({ x: one }, { weight_map: { a: 'x' } });
    checkFault(
      () => built(folder),
      join(folder, indexName),
      "tensor 'model.embed_tokens.weight'",
      'is missing',
    );
  });

  it('that places a tensor twice', () => {
    const folder = shardedFolder({ x: one }, {});
    writeFileSync(join(folder, indexName), '{"weight_map": {"a": "x", "a": "y"}}');
    checkFault(() => readAll(folder), join(folder, indexName), 'a', 'is there twice');
  });
});
