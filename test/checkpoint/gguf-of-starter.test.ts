/** The GGUF file that other tests choose in the settings is the bundled model in another format. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadTokenizer } from '../../src/tokenizer/load-tokenizer';
import { temporaryFolder } from '../temporary-folder';
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
