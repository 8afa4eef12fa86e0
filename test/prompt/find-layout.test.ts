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

describe('as the family was trained', () => {
  const otherFiles = [{ path: 'lib/b.py', text: 'B' }];
  const pipes = ['<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>'];
  const underscores = ['<fim_prefix>', '<fim_suffix>', '<fim_middle>'];
  /** SentencePiece with a token that begins every text: it puts a space in front of each text but one after a mark. */
  const sentencePiece: Partial<Tokenizer> = {
    startId: 60,
    encode: text => Array.from(` ${text}`, character => character.codePointAt(0)!),
    encodeInside: text => Array.from(text, character => character.codePointAt(0)!),
  };

  it.each<[string, string, string[], Partial<Tokenizer>, string, string]>([
    [
      'Qwen2.5-Coder (its README, "Repository Level Code Completion")',
      'Qwen2.5-Coder',
      [...pipes, '<|fim_pad|>', '<|repo_name|>', '<|file_sep|>'],
      {},
      '<|fim_prefix|>p<|fim_suffix|>s<|fim_middle|>',
      '<|repo_name|>project\n<|file_sep|>lib/b.py\nB\n<|file_sep|>f\n<|fim_prefix|>p<|fim_suffix|>s<|fim_middle|>',
    ],
    [
      'CodeGemma (arXiv 2406.11409, figure 2)',
      'CodeGemma',
      [...pipes, '<|file_separator|>'],
      { startId: 60 },
      '<<|fim_prefix|>p<|fim_suffix|>s<|fim_middle|>',
      '<lib/b.py\nB\n<|file_separator|>f\n<|fim_prefix|>p<|fim_suffix|>s<|fim_middle|>',
    ],
    [
      'Granite 3.3 and 4 (ibm.com/granite/docs/models/granite#fim)',
      'Granite',
      [...pipes, '<|fim_pad|>', '<|filename|>', '<|reponame|>', '<|end_of_text|>'],
      {},
      '<|fim_prefix|>p<|fim_suffix|>s<|fim_middle|>',
      '<|fim_prefix|># lib/b.py\nB\n// f\np<|fim_suffix|>s<|fim_middle|>',
    ],
    [
      'Granite Code, with the marks of StarCoder (arXiv 2405.04324)',
      'Granite',
      [...underscores, '<fim_pad>', '<filename>', '<gh_stars>', '<reponame>'],
      {},
      '<fim_prefix>p<fim_suffix>s<fim_middle>',
      '<fim_prefix># lib/b.py\nB\n// f\np<fim_suffix>s<fim_middle>',
    ],
    [
      'StarCoder2 with repository context (arXiv 2402.19173, section 5.1)',
      'StarCoder',
      [...underscores, '<fim_pad>', '<repo_name>', '<file_sep>'],
      {},
      '<fim_prefix>p<fim_suffix>s<fim_middle>',
      '<repo_name>project<file_sep>lib/b.py\nB<file_sep><fim_prefix>f\np<fim_suffix>s<fim_middle>',
    ],
    [
      'Mellum (model card of JetBrains/Mellum-4b-base)',
      'Mellum',
      [...underscores, '<fim_pad>', '<filename>'],
      {},
      '<filename>f\n<fim_suffix>s<fim_prefix>p<fim_middle>',
      '<filename>lib/b.py\nB\n<filename>f\n<fim_suffix>s<fim_prefix>p<fim_middle>',
    ],
    [
      'Seed-Coder (arXiv 2506.03524, section 3)',
      'Seed-Coder',
      ['<[fim-prefix]>', '<[fim-suffix]>', '<[fim-middle]>'],
      { startId: 60 },
      '<<[fim-suffix]>s<[fim-prefix]>p<[fim-middle]>',
      '<<[fim-suffix]>s<[fim-prefix]># lib/b.py\nB\n// f\np<[fim-middle]>',
    ],
    [
      'DeepSeek-Coder (arXiv 2401.14196, section 3.1.2)',
      'DeepSeek-Coder',
      ['<｜fim▁begin｜>', '<｜fim▁hole｜>', '<｜fim▁end｜>'],
      { startId: 60 },
      '<<｜fim▁begin｜>p<｜fim▁hole｜>s<｜fim▁end｜>',
      '<<｜fim▁begin｜># lib/b.py\nB\n// f\np<｜fim▁hole｜>s<｜fim▁end｜>',
    ],
    [
      'CodeLlama (github.com/meta-llama/codellama, infilling_prompt_tokens): a space before the prefix only',
      'CodeLlama',
      ['▁<PRE>', '▁<SUF>', '▁<MID>', '▁<EOT>'],
      sentencePiece,
      '<▁<PRE> p▁<SUF>s▁<MID>',
      '<▁<PRE> # lib/b.py\nB\n// f\np▁<SUF>s▁<MID>',
    ],
    [
      'Codestral (github.com/mistralai/mistral-common, encode_fim): a space before the prefix only',
      'Codestral',
      ['[PREFIX]', '[SUFFIX]', '[MIDDLE]'],
      sentencePiece,
      '<[SUFFIX]s[PREFIX] p',
      '<[SUFFIX]s[PREFIX] # lib/b.py\nB\n// f\np',
    ],
  ])('%s', (_, family, marks, more, alone, withOthers) => {
    expect(findLayout(tokenizerWith(marks, more)).name).toContain(family);
    expect(prompt(marks, more)).toBe(alone);
    expect(prompt(marks, more, { otherFiles })).toBe(withOthers);
    // At the end of a document nothing stands between the marks.
    expect(prompt(marks, more, { suffix: '' })).toBe(prompt(marks, more, { suffix: '§' }).replace('§', ''));
  });

  it('Mellum, even if its vocabulary has all of the marks of StarCoder: it does not read digit by digit', () => {
    const marks = [...underscores, '<filename>', '<gh_stars>', '<reponame>'];
    const more: Partial<Tokenizer> = {
      encode: text =>
        Array.from(text.match(/\d+|\D/g) ?? [], part => (part.length > 1 ? 999 : part.codePointAt(0)!)),
    };
    expect(findLayout(tokenizerWith(marks, more)).name).toBe('Mellum');
    expect(findLayout(tokenizerWith(marks)).name).toContain('StarCoder');
  });
});

describe('without fill-in-the-middle', () => {
  it.each<[string, string[], string]>([
    ['Qwen2.5', ['<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>'], 'p'],
    ['Mistral NeMo', ['[PREFIX]', '[SUFFIX]'], 'p'],
    ['Mellum', ['<fim_prefix>', '<fim_suffix>', '<fim_middle>', '<filename>'], '<filename>f\np'],
    [
      'Sotto',
      ['<|endoftext|>', '<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>', '<|path|>'],
      '<|path|>f\np',
    ],
    ['a model without marks', [], 'p'],
  ])('%s sees the prefix only, and its text still ends at every mark', (_, marks, expected) => {
    const { layout, prefixOnly } = findLayout(tokenizerWith(marks));
    const ids = prefixOnly.encode({ path: 'f', prefix: 'p', suffix: 's' });
    expect(ids.map(id => (id >= 1000 ? marks[id - 1000] : String.fromCodePoint(id))).join('')).toBe(expected);
    expect(prefixOnly.suffixFrom).toBeUndefined();
    expect(prefixOnly.endIds).toEqual(layout.endIds);
  });
});

describe('the suffix begins', () => {
  it.each([
    ['Qwen2.5-Coder', ['<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>'], 'cursor'],
    ['Codestral', ['[PREFIX]', '[SUFFIX]'], 'cursor'],
    ['Seed-Coder', ['<[fim-prefix]>', '<[fim-suffix]>', '<[fim-middle]>'], 'cursor'],
    [
      'Sotto',
      ['<|endoftext|>', '<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>', '<|path|>'],
      'line end',
    ],
    ['a model without marks', [], undefined],
  ] as const)('for %s where it was trained to', (_, marks, suffixFrom) =>
    expect(findLayout(tokenizerWith(marks)).layout.suffixFrom).toBe(suffixFrom),
  );

  it('where the model itself says', () => {
    const qwen = tokenizerWith(['<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>']);
    expect(findLayout(qwen, 'line end').layout.suffixFrom).toBe('line end');
    expect(findLayout(tokenizerWith([]), 'cursor').layout.suffixFrom).toBeUndefined();
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
