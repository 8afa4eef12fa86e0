/** The bundled model's prompts are those of its training: `models/sotto-starter/golden.json` has their ids. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createSuffixPrefixMiddle } from '../../src/prompt/prompt-layout';
import { loadTokenizer } from '../../src/tokenizer/load-tokenizer';

interface GoldenPrompt {
  readonly id: string;
  readonly path: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly ids: readonly number[];
}

const folder = 'models/sotto-starter';
const golden: readonly GoldenPrompt[] = JSON.parse(readFileSync(`${folder}/golden.json`, 'utf8'));

it.each(golden)('prompt $id of $path has the same ids as in training', async prompt => {
  const layout = createSuffixPrefixMiddle(await loadTokenizer(folder))!;
  expect(layout.encode(prompt)).toEqual(prompt.ids);
});
