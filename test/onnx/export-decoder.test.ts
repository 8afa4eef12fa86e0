/** Ready-made exports of our fixtures, made with the usual tools (`train/onnx_exports.py`), against references. */
import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveModelSource } from '../../src/checkpoint/model-source';
import type { Decoder } from '../../src/generation/decoder';
import { generate } from '../../src/generation/generate';
import type { TokenCache } from '../../src/generation/kv-cache';
import { argmax } from '../../src/generation/sampler';
import { buildModel, graphFile } from '../../src/model/build-model';
import { readShape } from '../../src/model/inspect-checkpoint';
import { openExportDecoder } from '../../src/onnx/export-decoder';
import { openOnnxDecoder } from '../../src/onnx/onnx-decoder';
import type { PresentCache } from '../../src/onnx/present-cache';
import { checkpointAt } from '../checkpoint/checkpoint-at';
import { eventsOf, never, requestOf, tokensOf } from '../engine-process/record-engine';
import {
  largestDifference,
  logitsWithCache,
  readGolden,
  readGoldenFile,
  referenceLogits,
} from '../model/golden-checkpoint';
import { temporaryFolder } from '../temporary-folder';
import { writeEchoExport } from './echo-export';

const fixtures = join(__dirname, '../fixtures');
const exports = join(fixtures, 'exports');

const openExport = (path: string): Promise<Decoder<PresentCache>> =>
  openExportDecoder(path, readShape(resolveModelSource(path)), { threads: 1 });

async function greedyTokens<Cache extends TokenCache>(
  decoder: Decoder<Cache>,
  cache: Cache,
  ids: readonly number[],
): Promise<number[]> {
  const setup = { decoder, cache, now: () => 0, yieldToEvents: () => Promise.resolve(), chunkLength: 7 };
  return tokensOf(await eventsOf(generate(setup, requestOf(ids, 16), never)));
}

/** Each with the allowed difference of its logits: sixteen-bit floats are rounded at the end of a chunk. */
describe.each([
  ['llama-optimum/onnx/model.onnx', 1e-5],
  ['llama-optimum/onnx/model_fp16.onnx', 1e-3],
  ['llama-optimum/onnx/model_q4.onnx', 1e-5],
  ['llama-genai/model.onnx', 1e-5],
  ['gpt2-merged/onnx/decoder_model_merged.onnx', 1e-5],
])('%s', (name, tolerance) => {
  const path = join(exports, name);
  /** From ONNX Runtime in Python with the same file, and the whole prompt in one run. */
  const reference = readGoldenFile(path.replace(/onnx$/, 'json'));

  it('gives the logits of its reference in one run, in chunks and token by token', async () => {
    const decoder = await openExport(path);
    for (const lengths of [[24], [7, 1, 9, 7], Array(24).fill(1)]) {
      const logits = await logitsWithCache(decoder, decoder.createCache(), reference, lengths);
      expect(largestDifference(logits, referenceLogits(reference))).toBeLessThan(tolerance);
    }
  });

  it('gives the same logits after a rewind to a shared beginning', async () => {
    const decoder = await openExport(path);
    const cache = decoder.createCache();
    const straight = [...(await decoder.run(reference.ids, cache, [23]))];
    cache.rewind(10);
    await decoder.run([5, 6, 7], cache, [2]);
    cache.rewind(10);
    const again = [...(await decoder.run(reference.ids.slice(10), cache, [13]))];
    expect(largestDifference(again, straight)).toBeLessThan(tolerance);
    cache.rewind(0);
    const anew = [...(await decoder.run(reference.ids, cache, [23]))];
    expect(largestDifference(anew, straight)).toBeLessThan(tolerance);
  });

  it('generates the tokens of its reference', async () => {
    const decoder = await openExport(path);
    expect(await greedyTokens(decoder, decoder.createCache(), reference.ids)).toEqual(reference.greedy);
  });

  it('runs a chunk without wanted places', async () => {
    const decoder = await openExport(path);
    const cache = decoder.createCache();
    expect(await decoder.run(reference.ids, cache, [])).toHaveLength(0);
    expect(cache.length).toBe(24);
  });
});

describe.each([
  ['llama-optimum/onnx/model.onnx', 'tiny-llama-export'],
  ['gpt2-merged/onnx/decoder_model_merged.onnx', 'tiny-gpt2-export'],
])('%s in float32', (name, checkpoint) => {
  const golden = readGolden(join(fixtures, checkpoint));

  it('gives the logits of transformers', async () => {
    const decoder = await openExport(join(exports, name));
    const logits = await logitsWithCache(decoder, decoder.createCache(), golden, [7, 1, 9, 7]);
    expect(largestDifference(logits, referenceLogits(golden))).toBeLessThan(1e-5);
  });

  it('generates the tokens of our own graph', async () => {
    const decoder = await openExport(join(exports, name));
    const folder = temporaryFolder();
    const shape = buildModel(checkpointAt(join(fixtures, checkpoint)), folder, { bits: 32 });
    const own = await openOnnxDecoder(join(folder, graphFile), shape, { threads: 1 });
    const expected = await greedyTokens(own, own.createCache(), golden.ids);
    expect(await greedyTokens(decoder, decoder.createCache(), golden.ids)).toEqual(expected);
  });
});

it('asks the graph for no more logits than are wanted, if it has an input for that', async () => {
  const decoder = await openExport(writeEchoExport(temporaryFolder(), 10));
  const cache = decoder.createCache();
  const likeliest = async (ids: readonly number[], wanted: readonly number[]) => {
    const logits = await decoder.run(ids, cache, wanted);
    return wanted.map((_, at) => argmax(logits.subarray(at * 10, at * 10 + 10)));
  };
  expect(await likeliest([7, 8, 9], [2])).toEqual([9]);
  expect(await likeliest([1, 2, 3, 4], [1, 3])).toEqual([2, 4]);
  expect(await likeliest([5, 6], [])).toEqual([]);
  expect([...cache.past[0]!.data]).toEqual([7, 8, 9, 1, 2, 3, 4, 5, 6]);
});

it('uses the branch without a past only for the first run', async () => {
  const decoder = await openExport(writeEchoExport(temporaryFolder(), 10));
  const cache = decoder.createCache();
  const largest = async (ids: readonly number[]) => Math.max(...(await decoder.run(ids, cache, [0])));
  expect([await largest([7]), await largest([8])]).toEqual([1, 2]);
  cache.rewind(0);
  expect(await largest([7])).toBe(1);
});

it('names the file when a run fails', async () => {
  const path = join(exports, 'llama-genai/model.onnx');
  const decoder = await openExport(path);
  await expect(decoder.run([72], decoder.createCache(), [0])).rejects.toThrow(
    `${path}: file: cannot be run (`,
  );
});

it('refuses more tokens than fit its cache', async () => {
  const path = join(exports, 'llama-genai/model.onnx');
  const decoder = await openExportDecoder(
    path,
    { ...readShape(resolveModelSource(path)), contextLength: 8 },
    { threads: 1 },
  );
  const cache = decoder.createCache();
  await decoder.run([1, 2, 3, 4, 5], cache, []);
  await expect(decoder.run([1, 2, 3, 4], cache, [])).rejects.toThrow(
    new RangeError('5 + 4 tokens do not fit a cache of 8'),
  );
});

describe('one line names the file and what is wrong with it', () => {
  /** Opens a copy of the smallest export after `damage`. */
  async function check(damage: (folder: string) => void, field: string, problem: string) {
    const folder = join(temporaryFolder(), 'model');
    cpSync(join(exports, 'llama-genai'), folder, { recursive: true });
    damage(folder);
    const path = join(folder, 'model.onnx');
    const error: Error = await openExport(path).then(
      () => new Error('it was opened'),
      fault => fault,
    );
    expect(error.name).toBe('ModelFileError');
    expect(error.message.startsWith(`${path}: ${field}: `)).toBe(true);
    expect(error.message).toContain(problem);
    expect(error.message).not.toMatch(/[\r\n]/);
  }

  const configure = (fields: object) => (folder: string) => {
    const path = join(folder, 'config.json');
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...fields }));
  };

  it('of a file that is cut', () =>
    check(folder => truncateSync(join(folder, 'model.onnx'), 9000), 'file', 'cannot be opened ('));

  it('of a file that is not ONNX', () =>
    check(
      folder => writeFileSync(join(folder, 'model.onnx'), 'version https'),
      'file',
      'cannot be opened (',
    ));

  it('of data that is missing', () =>
    check(folder => rmSync(join(folder, 'model.onnx.data')), 'file', 'cannot be opened ('));

  it('of data that is cut', () =>
    check(folder => truncateSync(join(folder, 'model.onnx.data'), 9000), 'file', 'cannot be opened ('));

  it('of a data file that exists, but outside the folder', () =>
    check(
      folder => {
        const inside = 'model.onnx.data';
        const outside = '../outside.data';
        const graph = join(folder, 'model.onnx');
        cpSync(join(folder, inside), join(folder, outside));
        writeFileSync(graph, readFileSync(graph, 'latin1').replaceAll(inside, outside), 'latin1');
      },
      'file',
      'escapes',
    ));

  it('of a graph of our own, which is not an export', () =>
    check(
      folder => {
        for (const name of ['model.onnx', 'model.onnx.data']) rmSync(join(folder, name));
        buildModel(checkpointAt(join(fixtures, 'tiny-llama-export')), folder, { bits: 32 });
      },
      `input 'past_key_values.0.key'`,
      'is missing, expected an export of text-generation-with-past',
    ));

  it('of more layers than the graph has', () =>
    check(configure({ num_hidden_layers: 3 }), `input 'past_key_values.2.key'`, 'is missing'));

  it('of fewer layers than the graph has', () =>
    check(
      configure({ num_hidden_layers: 1 }),
      `input 'past_key_values.1.key'`,
      'found it, expected the past of 1 layers',
    ));

  it('of heads that the graph does not have', () =>
    check(
      configure({ num_key_value_heads: 4 }),
      `input 'past_key_values.0.key'`,
      'found [batch_size, 2, past_sequence_length, 16], expected [1, 4, past, 16]',
    ));

  it('of heads of another size', () =>
    check(
      configure({ head_dim: 32 }),
      `input 'past_key_values.0.key'`,
      'found [batch_size, 2, past_sequence_length, 16], expected [1, 2, past, 32]',
    ));

  it('of a vocabulary that the graph does not have', () =>
    check(configure({ vocab_size: 100 }), `output 'logits'`, '72], expected [1, new, 100]'));
});
