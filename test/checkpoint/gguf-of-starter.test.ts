/** The GGUF file that other tests choose in the settings is the bundled model in another format. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openWeights } from '../../src/checkpoint/open-checkpoint';
import { loadTokenizer } from '../../src/tokenizer/load-tokenizer';
import { temporaryFolder } from '../temporary-folder';
import { checkpointAt } from './checkpoint-at';
import { ggufOfStarter, starter } from './gguf-of-starter';

it('a GGUF of the bundled model gives the ids of its own vocabulary', async () => {
  const path = join(temporaryFolder(), 'starter.gguf');
  writeFileSync(path, ggufOfStarter());
  const [gguf, own] = [await loadTokenizer(path), await loadTokenizer(starter)];
  for (const file of ['examples/src/cart.ts', 'examples/app/stats.py', 'docs/architecture.md']) {
    const text = readFileSync(file, 'utf8');
    expect(gguf.encode(text)).toEqual(own.encode(text));
  }
});

it('has the weights of the bundled model, rounded to 8 bits in blocks of 32', () => {
  const path = join(temporaryFolder(), 'starter.gguf');
  writeFileSync(path, ggufOfStarter());
  const [gguf, own] = [openWeights(checkpointAt(path)), openWeights(checkpointAt(starter))];
  for (const name of own.names) {
    const shape = own.shape(name);
    const [ours, theirs] = [own.read(name, shape), gguf.read(name, shape)];
    for (let from = 0; from < ours.length; from += 32) {
      const block = ours.subarray(from, from + 32);
      const step = Math.max(...block.map(Math.abs)) / 127;
      const error = Math.max(...block.map((value, i) => Math.abs(value - theirs[from + i]!)));
      // Half a step, and what the rounding of the step itself adds.
      if (!(error <= 0.6 * step + 1e-6)) expect.fail(`${name}, block at ${from}: ${error}, step ${step}`);
    }
  }
  gguf.close();
  own.close();
});
