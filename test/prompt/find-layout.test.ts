import { describe, expect, it } from 'vitest';
import { findLayout, spellPrompt } from '../../src/prompt/find-layout';
import { createSuffixPrefixMiddle, type PromptText } from '../../src/prompt/prompt-layout';
import type { Tokenizer } from '../../src/tokenizer/tokenizer';
import { createByteTokenizer } from '../byte-tokenizer';

/** The id of a character is its code point. Marks have the ids from 1000 on, in their order. */
function tokenizerWith(marks: readonly string[], more: Partial<Tokenizer> = {}): Tokenizer {
  return {
    vocabulary: 2000,
    encode: text => Array.from(text, character => character.codePointAt(0)!),
    bytes: id => Uint8Array.of(id),
    special: name => (marks.includes(name) ? 1000 + marks.indexOf(name) : undefined),
    ...more,
  };
}

/** The prompt of `p█s` in the file `f`, as text with its marks. */
function prompt(marks: readonly string[], more?: Partial<Tokenizer>, text?: Partial<PromptText>): string {
  const { layout } = findLayout(tokenizerWith(marks, more));
  const ids = layout.encode({ path: 'f', prefix: 'p', suffix: 's', ...text });
  return ids.map(id => (id >= 1000 ? marks[id - 1000] : String.fromCodePoint(id))).join('');
}

describe('the layout is found by its marks', () => {
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
  ])('for %s', (family, marks, expected) => {
    expect(findLayout(tokenizerWith(marks)).name).toContain(family);
    expect(prompt(marks)).toBe(expected);
  });
});

describe('other files stand before the document', () => {
  const otherFiles = [
    { path: 'a.py', text: 'A' },
    { path: 'b.ts', text: 'B\n' },
  ];
  const sotto = ['<|endoftext|>', '<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>', '<|path|>'];

  it.each([
    [
      'for Sotto, as in its training',
      true,
      [...sotto, '<|file_sep|>'],
      '<|path|>a.py\nA<|file_sep|><|path|>b.ts\nB\n<|file_sep|>' +
        '<|fim_prefix|><|fim_suffix|>s<|fim_middle|><|path|>f\np',
    ],
    [
      'for Sotto without a mark between files',
      false,
      sotto,
      '<|path|>a.py\nA<|endoftext|><|path|>b.ts\nB\n<|endoftext|>' +
        '<|fim_prefix|><|fim_suffix|>s<|fim_middle|><|path|>f\np',
    ],
    [
      'for Qwen2.5-Coder',
      true,
      ['<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>', '<|repo_name|>', '<|file_sep|>'],
      '<|repo_name|>project\n<|file_sep|>a.py\nA\n<|file_sep|>b.ts\nB\n<|file_sep|>f\n' +
        '<|fim_prefix|>p<|fim_suffix|>s<|fim_middle|>',
    ],
    [
      'for StarCoder2',
      true,
      ['<fim_prefix>', '<fim_suffix>', '<fim_middle>', '<repo_name>', '<file_sep>'],
      '<repo_name>project<file_sep>a.py\nA<file_sep>b.ts\nB\n<file_sep>' +
        '<fim_prefix>f\np<fim_suffix>s<fim_middle>',
    ],
    [
      'for DeepSeek-Coder, with paths as comments',
      false,
      ['<｜fim▁begin｜>', '<｜fim▁hole｜>', '<｜fim▁end｜>'],
      '<｜fim▁begin｜># a.py\nA\n// b.ts\nB\n// f\np<｜fim▁hole｜>s<｜fim▁end｜>',
    ],
    [
      'for Codestral, with paths as comments',
      false,
      ['[PREFIX]', '[SUFFIX]'],
      '[SUFFIX]s[PREFIX]# a.py\nA\n// b.ts\nB\n// f\np',
    ],
    ['for prefix only, with paths as comments', false, [], '# a.py\nA\n// b.ts\nB\n// f\np'],
    [
      'for prefix only with a mark between files',
      true,
      ['<repo_name>', '<file_sep>'],
      '<repo_name>project<file_sep>a.py\nA<file_sep>b.ts\nB\n<file_sep>f\np',
    ],
  ])('%s', (_, readsOtherFiles, marks, expected) => {
    expect(prompt(marks, {}, { otherFiles })).toBe(expected);
    expect(findLayout(tokenizerWith(marks)).layout.readsOtherFiles).toBe(readsOtherFiles);
    expect(prompt(marks, {}, { otherFiles: [] })).toBe(prompt(marks));
  });

  it('after the token that begins a text', () => {
    const { layout } = findLayout(tokenizerWith([], { startId: 7 }));
    expect(layout.encode({ path: 'f', prefix: 'p', suffix: 's', otherFiles }).indexOf(7)).toBe(0);
  });

  it('and the spelling of a mark in them is plain text', () => {
    const marks = [...sotto, '<|file_sep|>'];
    const { layout } = findLayout(tokenizerWith(marks));
    const ids = layout.encode({
      path: 'f',
      prefix: '',
      suffix: '',
      otherFiles: [{ path: 'a', text: marks.join('') }],
    });
    expect(ids.filter(id => id >= 1000)).toEqual([1004, 1005, 1004]);
  });
});

it('finds a layout by marks that the model file gives as ids', () => {
  const marks = ['A', 'B', 'C'];
  expect(prompt(marks, { fillInMiddle: { prefix: 1000, suffix: 1001, middle: 1002 } })).toBe('ApBsC');
});

it('needs all marks of a family', () => {
  expect(findLayout(tokenizerWith(['<fim_prefix>', '<fim_suffix>'])).name).toBe('prefix only');
});

it('begins with the token that begins a text, and ends at every token that ends one', () => {
  const marks = ['<fim_prefix>', '<fim_suffix>', '<fim_middle>', '<|endoftext|>'];
  const { layout } = findLayout(tokenizerWith(marks, { startId: 7, endIds: [8] }));
  expect(layout.encode({ path: 'f', prefix: 'p', suffix: '' })[0]).toBe(7);
  expect([...layout.endIds].sort()).toEqual([1000, 1001, 1002, 1003, 8]);
});

describe('a prompt as text', () => {
  const tokenizer = createByteTokenizer();

  it('has marks by their names, and text as it is', () => {
    const layout = createSuffixPrefixMiddle(tokenizer)!;
    const ids = layout.encode({ path: 'a/é.ts', prefix: 'x = ', suffix: '\ny' });
    expect(spellPrompt(tokenizer, ids)).toBe(
      '<|fim_prefix|><|fim_suffix|>\ny<|fim_middle|><|path|>a/é.ts\nx = ',
    );
  });

  it('has the id of a mark whose name is not known', () => {
    const odd = createByteTokenizer(['<|odd|>']);
    expect(spellPrompt(odd, [0, ...odd.encode('a')])).toBe('<0>a');
  });
});
