import { describe, expect, it } from 'vitest';
import { findLayout } from '../../src/prompt/find-layout';
import type { Tokenizer } from '../../src/tokenizer/tokenizer';

/** Characters are their code points; marks have ids from 1000 on, in order. */
function tokenizerWith(marks: readonly string[], more: Partial<Tokenizer> = {}): Tokenizer {
  return {
    vocabulary: 2000,
    encode: text => Array.from(text, character => character.codePointAt(0)!),
    bytes: id => Uint8Array.of(id),
    special: name => (marks.includes(name) ? 1000 + marks.indexOf(name) : undefined),
    ...more,
  };
}

/** The prompt of `p█s` as text, marks in their own spelling. */
function prompt(marks: readonly string[], more?: Partial<Tokenizer>): string {
  const { layout } = findLayout(tokenizerWith(marks, more));
  const ids = layout.encode({ path: 'f', prefix: 'p', suffix: 's' });
  return ids.map(id => (id >= 1000 ? marks[id - 1000] : String.fromCodePoint(id))).join('');
}

describe('the layout of', () => {
  it.each([
    [
      'Sotto',
      ['<|endoftext|>', '<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>', '<|path|>'],
      '<|fim_prefix|><|fim_suffix|>s<|fim_middle|><|path|>f\np',
    ],
    [
      'Qwen2.5-Coder',
      ['<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>'],
      '<|fim_prefix|>p<|fim_suffix|>s<|fim_middle|>',
    ],
    ['StarCoder', ['<fim_prefix>', '<fim_suffix>', '<fim_middle>'], '<fim_prefix>p<fim_suffix>s<fim_middle>'],
    [
      'DeepSeek-Coder',
      ['<｜fim▁begin｜>', '<｜fim▁hole｜>', '<｜fim▁end｜>'],
      '<｜fim▁begin｜>p<｜fim▁hole｜>s<｜fim▁end｜>',
    ],
    ['CodeLlama', ['▁<PRE>', '▁<SUF>', '▁<MID>'], '▁<PRE>p▁<SUF>s▁<MID>'],
    ['Codestral', ['[PREFIX]', '[SUFFIX]'], '[SUFFIX]s[PREFIX]p'],
    ['prefix only', ['<|endoftext|>'], 'p'],
  ])('%s', (family, marks, expected) => {
    expect(findLayout(tokenizerWith(marks)).name).toContain(family);
    expect(prompt(marks)).toBe(expected);
  });
});

it('marks that the file names by id are enough', () => {
  const marks = ['A', 'B', 'C'];
  expect(prompt(marks, { fillInMiddle: { prefix: 1000, suffix: 1001, middle: 1002 } })).toBe('ApBsC');
});

it('one mark of three is none', () => {
  expect(findLayout(tokenizerWith(['<fim_prefix>', '<fim_suffix>'])).name).toBe('prefix only');
});

it('what begins a text stands first, what ends one ends the middle', () => {
  const marks = ['<fim_prefix>', '<fim_suffix>', '<fim_middle>', '<|endoftext|>'];
  const { layout } = findLayout(tokenizerWith(marks, { startId: 7, endIds: [8] }));
  expect(layout.encode({ path: 'f', prefix: 'p', suffix: '' })[0]).toBe(7);
  expect([...layout.endIds].sort()).toEqual([1000, 1001, 1002, 1003, 8]);
});
