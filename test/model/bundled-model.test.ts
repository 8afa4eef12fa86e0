/** Compares the graph of the bundled model with PyTorch, in which it was trained (models/sotto-starter/golden.json). */
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../../src/checkpoint/open-checkpoint';
import type { Decoder } from '../../src/generation/decoder';
import { argmax } from '../../src/generation/sampler';
import { readLlamaConfig } from '../../src/model/architectures/llama';
import { buildModel, graphFile } from '../../src/model/build-model';
import { openOnnxDecoder } from '../../src/onnx/onnx-decoder';
import { checkpointAt } from '../checkpoint/checkpoint-at';
import { removeFolder } from '../temporary-folder';
import { relativeError } from './relative-error';

interface GoldenContinuation {
  readonly path: string;
  readonly ids: readonly number[];
  /** The logits after the prompt, for the first entries of the vocabulary, with four decimals. */
  readonly firstLogits: readonly number[];
  readonly greedy: readonly number[];
}

const checkpoint = join(__dirname, '../../models/sotto-starter');
const golden: readonly GoldenContinuation[] = JSON.parse(
  readFileSync(join(checkpoint, 'golden.json'), 'utf8'),
);

let float: Decoder;
/** The graph that ships. */
let int8: Decoder;
const folder = mkdtempSync(join(tmpdir(), 'sotto-bundled-'));
beforeAll(async () => {
  [float, int8] = await Promise.all([open(32), open(8)]);
});
afterAll(() => removeFolder(folder));

function open(bits: 8 | 32): Promise<Decoder> {
  const out = join(folder, `${bits}`);
  mkdirSync(out);
  const sizes = buildModel(checkpointAt(checkpoint), out, { bits });
  return openOnnxDecoder(join(out, graphFile), sizes, { threads: 1 });
}

it.each(golden)('continues $path greedily as in PyTorch', async ({ ids, greedy }) => {
  const cache = float.createCache();
  const continuation = [argmax(await float.run(ids, cache, [ids.length - 1]))];
  while (continuation.length < greedy.length)
    continuation.push(argmax(await float.run([continuation.at(-1)!], cache, [0])));
  expect(continuation).toEqual(greedy);
});

// Measured: 1e-5 with float weights, because the golden logits have four decimals, and up to 0.029 in int8.
it.each(golden)('gives the logits of PyTorch for $path, in int8 nearly', async ({ ids, firstLogits }) => {
  const errorOf = async (decoder: Decoder) => {
    const logits = await decoder.run(ids, decoder.createCache(), [ids.length - 1]);
    return relativeError(logits.subarray(0, firstLogits.length), firstLogits);
  };
  expect(await errorOf(float)).toBeLessThan(5e-5);
  expect(await errorOf(int8)).toBeLessThan(0.04);
});

it('has the sizes that the table of symbols in blocks.ts gives as an example', () => {
  const blocks = readFileSync(join(__dirname, '../../src/model/blocks.ts'), 'utf8');
  const rows = [...blocks.matchAll(/^ \* \| `(\w+)` +\|.*\| (\d+) +\|$/gm)];
  const examples = Object.fromEntries(rows.map(([, symbol, number]) => [symbol, Number(number)]));
  const { vocabulary, layers, width, heads, kvHeads, headDim, feedForward } = readLlamaConfig(
    readConfig(checkpointAt(checkpoint)),
  );
  const group = heads / kvHeads;
  const sizes = { vocabulary, layers, width, heads, kvHeads, group, headDim, inner: feedForward };
  expect(examples).toEqual({ n: 1, m: 1, p: 100, ...sizes });
});
