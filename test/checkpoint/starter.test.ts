/** The small model's folder: its GGUF file has the vocabulary too, and its matrices are rounded in long blocks. */
import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { openWeights } from '../../src/checkpoint/open-checkpoint';
import { loadTokenizer } from '../../src/tokenizer/load-tokenizer';
import { checkpointAt } from './checkpoint-at';
import { starter, starterGguf } from './starter';

it('the GGUF file of the small model gives the ids of the vocab.json beside it', async () => {
  const [gguf, own] = [await loadTokenizer(starterGguf), await loadTokenizer(starter)];
  for (const file of ['examples/src/cart.ts', 'examples/app/stats.py', 'docs/architecture.md']) {
    const text = readFileSync(file, 'utf8');
    expect(gguf.encode(text)).toEqual(own.encode(text));
  }
});

it('each 128 values of a row of its matrices share a scale', () => {
  const weights = openWeights(checkpointAt(starter));
  onTestFinished(() => weights.close());
  const matrices = weights.names.filter(name => weights.shape(name).length === 2);
  expect(matrices).toHaveLength(43);
  for (const name of matrices) {
    const [rows = 0, columns = 0] = weights.shape(name);
    expect(weights.readBlocks!(name, rows, columns)).toMatchObject({ bits: 8, blockSize: 128 });
  }
});
