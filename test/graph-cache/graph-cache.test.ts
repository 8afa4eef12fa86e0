import { cpSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { dropGraph, ensureGraph } from '../../src/graph-cache/graph-cache';
import { buildModel } from '../../src/model/build-model';
import { checkFault } from '../checkpoint/check-fault';
import { checkpointAt } from '../checkpoint/checkpoint-at';
import { temporaryFolder } from '../temporary-folder';

vi.mock(import('../../src/model/build-model'), async importOriginal => {
  const original = await importOriginal();
  return { ...original, buildModel: vi.fn(original.buildModel) };
});

vi.mock(import('node:fs'), async importOriginal => {
  const original = await importOriginal();
  return { ...original, rmSync: vi.fn(original.rmSync) };
});

beforeEach(() => {
  vi.mocked(buildModel).mockClear();
});

/** The copies differ only in their path. Even the times of their files are equal. */
function copyOfTinyLlama(): string {
  const folder = temporaryFolder();
  cpSync(join(__dirname, '../fixtures/tiny-llama'), folder, { recursive: true });
  for (const name of readdirSync(folder)) utimesSync(join(folder, name), 1000, 1000);
  return folder;
}

it('builds a checkpoint once', () => {
  const [checkpoint, graphs] = [copyOfTinyLlama(), join(temporaryFolder(), 'not', 'there', 'yet')];
  const path = ensureGraph(checkpointAt(checkpoint), graphs, { bits: 8 });
  expect(ensureGraph(checkpointAt(checkpoint), graphs, { bits: 8 })).toBe(path);
  expect(buildModel).toHaveBeenCalledTimes(1);
  const files = readdirSync(dirname(path)).filter(name => !name.endsWith('.open'));
  expect(files).toEqual(['model.onnx', 'model.onnx.data']);
  expect(readdirSync(graphs)).toHaveLength(1);
});

it('tells how much is built, from nothing to nearly all, and nothing of a graph that is there', () => {
  const [checkpoint, graphs] = [copyOfTinyLlama(), temporaryFolder()];
  const heard: number[] = [];
  const onProgress = (done: number) => heard.push(done);
  ensureGraph(checkpointAt(checkpoint), graphs, { bits: 8 }, { onProgress });
  expect(heard.length).toBeGreaterThan(10);
  expect(heard).toEqual(heard.toSorted((a, b) => a - b));
  expect(heard[0]).toBe(0);
  expect(heard.at(-1)).toBeGreaterThan(0.9);
  expect(heard.at(-1)).toBeLessThanOrEqual(1);
  const before = heard.length;
  ensureGraph(checkpointAt(checkpoint), graphs, { bits: 8 }, { onProgress });
  expect(heard).toHaveLength(before);
});

describe('builds again', () => {
  /** After `change` the checkpoint gets another graph beside the first. */
  function check(change: (checkpoint: string) => void): void {
    const [checkpoint, graphs] = [copyOfTinyLlama(), temporaryFolder()];
    const before = ensureGraph(checkpointAt(checkpoint), graphs, { bits: 8 });
    change(checkpoint);
    expect(ensureGraph(checkpointAt(checkpoint), graphs, { bits: 8 })).not.toBe(before);
    expect(readdirSync(graphs)).toHaveLength(2);
  }

  it.each(['config.json', 'model.safetensors'])('if %s was written at another time', name => {
    check(checkpoint => utimesSync(join(checkpoint, name), 1000, 1000.5));
  });

  it('if a file has another size but the same time', () => {
    check(checkpoint => {
      const path = join(checkpoint, 'config.json');
      writeFileSync(path, `${readFileSync(path, 'utf8')} `);
      utimesSync(path, 1000, 1000);
    });
  });

  it('with other bits, and for another checkpoint', () => {
    const [one, other, graphs] = [copyOfTinyLlama(), copyOfTinyLlama(), temporaryFolder()];
    ensureGraph(checkpointAt(one), graphs, { bits: 8 });
    ensureGraph(checkpointAt(one), graphs, { bits: 4 });
    ensureGraph(checkpointAt(other), graphs, { bits: 8 });
    expect(readdirSync(graphs)).toHaveLength(3);
  });

  it('if the graph was removed', () => {
    const [checkpoint, graphs] = [copyOfTinyLlama(), temporaryFolder()];
    const path = ensureGraph(checkpointAt(checkpoint), graphs, { bits: 8 });
    rmSync(dirname(path), { recursive: true });
    ensureGraph(checkpointAt(checkpoint), graphs, { bits: 8 });
    expect(buildModel).toHaveBeenCalledTimes(2);
  });
});

describe('a build that fails', () => {
  it('leaves nothing behind, and the next one succeeds', () => {
    const [checkpoint, graphs] = [copyOfTinyLlama(), temporaryFolder()];
    vi.mocked(buildModel).mockImplementationOnce((_, out) => {
      writeFileSync(join(out, 'model.onnx'), 'half a graph');
      throw new Error('no space left');
    });
    expect(() => ensureGraph(checkpointAt(checkpoint), graphs, { bits: 8 })).toThrow('no space left');
    expect(readdirSync(graphs)).toEqual([]);
    expect(statSync(ensureGraph(checkpointAt(checkpoint), graphs, { bits: 8 })).size).toBeGreaterThan(1000);
  });

  it('gives its own error even if its files cannot be removed', () => {
    const [checkpoint, graphs] = [copyOfTinyLlama(), temporaryFolder()];
    vi.mocked(buildModel).mockImplementationOnce(() => {
      throw new Error('no space left');
    });
    vi.mocked(rmSync).mockImplementationOnce(() => {
      throw Object.assign(new Error('EBUSY: resource busy or locked'), { code: 'EBUSY' });
    });
    expect(() => ensureGraph(checkpointAt(checkpoint), graphs, { bits: 8 })).toThrow('no space left');
    expect(readdirSync(graphs)).toHaveLength(1);
  });

  it.each(['config.json', 'model.safetensors'])('names a missing %s', name => {
    const [checkpoint, graphs] = [copyOfTinyLlama(), temporaryFolder()];
    rmSync(join(checkpoint, name));
    checkFault(
      () => ensureGraph(checkpointAt(checkpoint), graphs, { bits: 8 }),
      join(checkpoint, name),
      'file',
      'is missing',
    );
    expect(readdirSync(graphs)).toEqual([]);
  });
});

it('uses the graph of another window that was faster', async () => {
  const { buildModel: build } = await vi.importActual<typeof import('../../src/model/build-model')>(
    '../../src/model/build-model',
  );
  const [checkpoint, graphs] = [copyOfTinyLlama(), temporaryFolder()];
  let faster = '';
  vi.mocked(buildModel).mockImplementationOnce((folder, out, options) => {
    faster = ensureGraph(checkpointAt(checkpoint), graphs, options);
    return build(folder, out, options);
  });
  expect(ensureGraph(checkpointAt(checkpoint), graphs, { bits: 8 })).toBe(faster);
  expect(readdirSync(graphs)).toHaveLength(1);
  expect(buildModel).toHaveBeenCalledTimes(2);
});

it('builds a dropped graph again', () => {
  const [checkpoint, graphs] = [copyOfTinyLlama(), temporaryFolder()];
  dropGraph(ensureGraph(checkpointAt(checkpoint), graphs, { bits: 8 }));
  expect(readdirSync(graphs)).toEqual([]);
  ensureGraph(checkpointAt(checkpoint), graphs, { bits: 8 });
  expect(buildModel).toHaveBeenCalledTimes(2);
});
