import { expect, it } from 'vitest';
import { spellPrompt } from '../../src/prompt/spell-prompt';
import { createSuffixPrefixMiddle } from '../../src/prompt/suffix-prefix-middle';
import { createByteTokenizer } from '../byte-tokenizer';

const tokenizer = createByteTokenizer();

it('spells marks by their names, and text as it is', () => {
  const ids = createSuffixPrefixMiddle(tokenizer)!.encode({ path: 'a/é.ts', prefix: 'x = ', suffix: '\ny' });
  expect(spellPrompt(tokenizer, ids)).toBe(
    '<|fim_prefix|><|fim_suffix|>\ny<|fim_middle|><|path|>a/é.ts\nx = ',
  );
});

it('spells a mark of an unknown name by its number', () => {
  const odd = createByteTokenizer(['<|odd|>']);
  expect(spellPrompt(odd, [0, ...odd.encode('a')])).toBe('<0>a');
});
