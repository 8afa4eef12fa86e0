import { describe, expect, it } from 'vitest';
import { findLayout } from '../../src/prompt/find-layout';
import type { PromptText } from '../../src/prompt/prompt-layout';
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

/** The prompt of `p█s` in the file `f` as text, marks in their own spelling. */
function prompt(marks: readonly string[], more?: Partial<Tokenizer>, text?: Partial<PromptText>): string {
  const { layout } = findLayout(tokenizerWith(marks, more));
  const ids = layout.encode({ path: 'f', prefix: 'p', suffix: 's', ...text });
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

describe('other files stand before the document', () => {
  const otherFiles = [
    { path: 'a.py', text: 'A' },
    { path: 'b.ts', text: 'B\n' },
  ];
  const sotto = ['<|endoftext|>', '<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>', '<|path|>'];

  it.each([
    [
      'Sotto, as it is trained',
      true,
      [...sotto, '<|file_sep|>'],
      '<|path|>a.py\nA<|file_sep|><|path|>b.ts\nB\n<|file_sep|>' +
        '<|fim_prefix|><|fim_suffix|>s<|fim_middle|><|path|>f\np',
    ],
    [
      'Sotto without a separator',
      false,
      sotto,
      '<|path|>a.py\nA<|endoftext|><|path|>b.ts\nB\n<|endoftext|>' +
        '<|fim_prefix|><|fim_suffix|>s<|fim_middle|><|path|>f\np',
    ],
    [
      'Qwen2.5-Coder',
      true,
      ['<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>', '<|repo_name|>', '<|file_sep|>'],
      '<|repo_name|>project\n<|file_sep|>a.py\nA\n<|file_sep|>b.ts\nB\n<|file_sep|>f\n' +
        '<|fim_prefix|>p<|fim_suffix|>s<|fim_middle|>',
    ],
    [
      'StarCoder2',
      true,
      ['<fim_prefix>', '<fim_suffix>', '<fim_middle>', '<repo_name>', '<file_sep>'],
      '<repo_name>project<file_sep>a.py\nA<file_sep>b.ts\nB\n<file_sep>' +
        '<fim_prefix>f\np<fim_suffix>s<fim_middle>',
    ],
    [
      'DeepSeek-Coder, under comments',
      false,
      ['<｜fim▁begin｜>', '<｜fim▁hole｜>', '<｜fim▁end｜>'],
      '<｜fim▁begin｜># a.py\nA\n// b.ts\nB\n// f\np<｜fim▁hole｜>s<｜fim▁end｜>',
    ],
    [
      'Codestral, under comments',
      false,
      ['[PREFIX]', '[SUFFIX]'],
      '[SUFFIX]s[PREFIX]# a.py\nA\n// b.ts\nB\n// f\np',
    ],
    ['prefix only, under comments', false, [], '# a.py\nA\n// b.ts\nB\n// f\np'],
    [
      'prefix only with a mark between files',
      true,
      ['<repo_name>', '<file_sep>'],
      '<repo_name>project<file_sep>a.py\nA<file_sep>b.ts\nB\n<file_sep>f\np',
    ],
  ])('%s', (_, readsOtherFiles, marks, expected) => {
    expect(prompt(marks, {}, { otherFiles })).toBe(expected);
    expect(findLayout(tokenizerWith(marks)).layout.readsOtherFiles).toBe(readsOtherFiles);
    expect(prompt(marks, {}, { otherFiles: [] })).toBe(prompt(marks));
  });

  it('behind the mark that begins a text', () => {
    const { layout } = findLayout(tokenizerWith([], { startId: 7 }));
    expect(layout.encode({ path: 'f', prefix: 'p', suffix: 's', otherFiles }).indexOf(7)).toBe(0);
  });

  it('and marks in them are data', () => {
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
