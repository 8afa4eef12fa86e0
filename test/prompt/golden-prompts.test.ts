/**
 * The bundled model's prompts are those of its training: `models/sotto-starter/golden.json` has their ids. Foreign models
 * get theirs as their families were trained, with the families' own vocabularies.
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { resolveModelSource } from '../../src/checkpoint/model-source';
import { findLayout, spellPrompt } from '../../src/prompt/find-layout';
import { createSuffixPrefixMiddle } from '../../src/prompt/prompt-layout';
import { buildPrompt } from '../../src/prompt/prompt-memory';
import { loadTokenizer } from '../../src/tokenizer/load-tokenizer';
import { place } from '../notation';

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

const text = 'const a = input;\nconst d = █.trim();\nsave(d);\n';

it.each([
  ['qwen2', '<|fim_prefix|>const a = input;\nconst d = <|fim_suffix|>.trim();\nsave(d);\n<|fim_middle|>'],
  ['starcoder2', '<fim_prefix>const a = input;\nconst d = <fim_suffix>.trim();\nsave(d);\n<fim_middle>'],
  [
    'deepseek-coder',
    '<｜fim▁begin｜>const a = input;\nconst d = <｜fim▁hole｜>.trim();\nsave(d);\n<｜fim▁end｜>',
  ],
])('%s sees the rest of the line', async (name, expected) =>
  expect(await promptOf(`test/fixtures/tokenizers/${name}`)).toBe(expected),
);

it('the bundled model does not see the rest of the line, because it has not learnt to', async () => {
  const end = '<|fim_middle|><|path|>src/sample.ts\nconst a = input;\nconst d = ';
  expect(await promptOf(folder)).toBe(`<|fim_prefix|><|fim_suffix|>\nsave(d);\n${end}`);
  expect(await promptOf(folder, 'cursor')).toBe(`<|fim_prefix|><|fim_suffix|>.trim();\nsave(d);\n${end}`);
});

async function promptOf(path: string, suffixFrom = resolveModelSource(folder).suffixFrom): Promise<string> {
  const tokenizer = await loadTokenizer(path);
  const { layout } = findLayout(tokenizer, suffixFrom);
  const model = { tokenizer, layout, contextWindow: 512, heal: () => undefined };
  const { ids } = buildPrompt(place(text), model, { contextTokens: 256, maxTokens: 64 });
  return spellPrompt(tokenizer, ids);
}
