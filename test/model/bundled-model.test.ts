/**
 * Compares the graphs of the bundled models with PyTorch, in which they were trained. `golden.json` of each has what its
 * rounded weights give there.
 */
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bestBundledModel, bundledFolder } from '../../src/bundled-models/bundled-models';
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

const root = join(__dirname, '../..');
const checkpoint = bundledFolder(root, 'small');
const goldenOf = (model: string): readonly GoldenContinuation[] =>
  JSON.parse(readFileSync(join(model, 'golden.json'), 'utf8'));

const folder = mkdtempSync(join(tmpdir(), 'sotto-bundled-'));
afterAll(() => removeFolder(folder));

function open(model: string, bits: 32 | 'stored'): Promise<Decoder> {
  const out = join(folder, `${basename(model)}-${bits}`);
  mkdirSync(out);
  const sizes = buildModel(checkpointAt(model), out, { bits });
  return openOnnxDecoder(join(out, graphFile), sizes, { threads: 1 });
}

async function errorOf(decoder: Decoder, { ids, firstLogits }: GoldenContinuation): Promise<number> {
  const logits = await decoder.run(ids, decoder.createCache(), [ids.length - 1]);
  return relativeError(logits.subarray(0, firstLogits.length), firstLogits);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value) / values.length;

describe('the small model', () => {
  const golden = goldenOf(checkpoint);
  let float: Decoder;
  /** The graph that ships. */
  let int8: Decoder;
  beforeAll(async () => {
    [float, int8] = await Promise.all([open(checkpoint, 32), open(checkpoint, 'stored')]);
  });

  it.each(golden)('continues $path greedily as in PyTorch', async ({ ids, greedy }) => {
    const cache = float.createCache();
    const continuation = [argmax(await float.run(ids, cache, [ids.length - 1]))];
    while (continuation.length < greedy.length)
      continuation.push(argmax(await float.run([continuation.at(-1)!], cache, [0])));
    expect(continuation).toEqual(greedy);
  });

  // Measured: 1e-5 with float weights, because the golden logits have four decimals.
  it.each(golden)('gives the logits of PyTorch for $path, in int8 nearly', async example => {
    expect(await errorOf(float, example)).toBeLessThan(5e-5);
    expect(await errorOf(int8, example)).toBeLessThan(0.04);
  });
});

// A checkout may lack it. A graph of its floats would take half a gigabyte.
if (bestBundledModel(root) === 'large')
  it('the large model gives nearly the logits of PyTorch', async () => {
    const model = bundledFolder(root, 'large');
    const int4 = await open(model, 'stored');
    const errors = await Promise.all(goldenOf(model).map(example => errorOf(int4, example)));
    // Its products round activations to eight bits too. Measured: 0.005 to 0.024, and 0.12 after one prompt.
    expect(mean(errors)).toBeLessThan(0.05);
    expect(Math.max(...errors)).toBeLessThan(0.2);
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
