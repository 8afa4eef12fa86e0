/** Gives the readers a few thousand damaged files; `npm run -s fuzz` gives them a million. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder';
import { fuzz, fuzzParent, fuzzTargets } from './readers';

it.each([
  { name: 'GGUF', mutants: 1500 },
  { name: 'safetensors', mutants: 2000 },
  { name: 'index', mutants: 1000 },
  { name: 'config.json', mutants: 1500 },
  { name: 'tokenizer.json', mutants: 1500 },
])('reads or refuses each of $mutants damaged files: $name', ({ name, mutants }) => {
  const targets = fuzzTargets(temporaryFolder(fuzzParent), join(__dirname, '../fixtures'));
  const target = targets.find(each => each.name === name)!;
  expect(() => target.read()).not.toThrow();
  const { refused } = fuzz(target, mutants, 20_261_122);
  // If all were refused, or none, the damage would test nothing.
  expect(refused).toBeGreaterThan(mutants / 10);
  expect(refused).toBeLessThan(mutants);
});
