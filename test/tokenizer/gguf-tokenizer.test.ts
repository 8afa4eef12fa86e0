/** Vocabularies inside GGUF files against `tokenizers` and `sentencepiece` (train/gguf_golden.py). */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ggufPreTokenizers } from '../../src/tokenizer/gguf-pre-tokenizers';
import { loadGgufTokenizer } from '../../src/tokenizer/gguf-tokenizer';
import { decode } from '../../src/tokenizer/tokenizer';
import { checkFault } from '../checkpoint/check-fault';
import { type GgufParts, type GgufValue, ggufBytes, text, texts, uint32 } from '../checkpoint/write-gguf';
import { temporaryFolder } from '../temporary-folder';
import { writeWayToCut } from './ways-to-cut';

const fixtures = join(__dirname, '../fixtures/gguf');
const golden: {
  readonly texts: readonly string[];
  readonly ids: Readonly<Record<string, readonly (readonly number[])[]>>;
  /** llama.cpp's names for each way to cut. */
  readonly names: Readonly<Record<string, readonly string[]>>;
  readonly wayTexts: readonly string[];
  /** For each way to cut, the ids of these texts. */
  readonly ways: Readonly<Record<string, readonly (readonly number[])[]>>;
} = JSON.parse(readFileSync(join(fixtures, 'tokens.json'), 'utf8'));

describe.each(Object.keys(golden.ids))('%s', kind => {
  const tokenizer = loadGgufTokenizer(join(fixtures, `${kind}.gguf`));

  it('gives the ids of the reference', () => {
    const differing = golden.texts.filter(
      (each, i) => tokenizer.encode(each).join() !== golden.ids[kind]![i]!.join(),
    );
    expect(differing).toEqual([]);
  });

  it('gives the text back from its ids', () => {
    for (const each of golden.texts) {
      const prefix = kind === 'sentence-piece' ? ' ' : '';
      expect(decode(tokenizer, tokenizer.encode(each))).toBe(prefix + each);
    }
  });
});

describe.each(Object.keys(golden.ways))('the way to cut of %s', way => {
  it.each(golden.names[way]!)('has the ids of the reference for %s', name => {
    const tokenizer = loadGgufTokenizer(wayToCut(name));
    const texts = golden.wayTexts;
    const differing = texts.filter(
      (each, i) => tokenizer.encode(each).join() !== golden.ways[way]![i]!.join(),
    );
    expect(differing).toEqual([]);
  });
});

it('every name that is known has a reference', () => {
  const text = ['gemma4', 'granite-embed-multi-311m', 'sarvam-moe'];
  expect([...ggufPreTokenizers.keys()].sort()).toEqual(
    [...Object.values(golden.names).flat(), ...text].sort(),
  );
});

it('cuts the text of a file that names no way to cut as llama.cpp does', () => {
  const tokenizer = loadGgufTokenizer(wayToCut(undefined));
  const texts = golden.wayTexts;
  expect(texts.map(each => tokenizer.encode(each))).toEqual(golden.ways['default']);
});

it('cuts a long line in little time, whatever the way', () => {
  const long = `x = ${'1234567890'.repeat(400)}${' '.repeat(4000)}${'a '.repeat(2000)}${"''".repeat(2000)}`;
  for (const name of Object.values(golden.names).map(names => names[0])) {
    const tokenizer = loadGgufTokenizer(wayToCut(name));
    const start = performance.now();
    tokenizer.encode(long);
    expect([name, performance.now() - start < 5000]).toEqual([name, true]);
  }
});

function wayToCut(name: string | undefined): string {
  return writeWayToCut(join(fixtures, 'ways-to-cut.gguf'), join(temporaryFolder(), 'way.gguf'), name);
}

/** Characters as GPT-2 spells bytes, a merge, and marks. */
const alphabet = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i));
const good = {
  'tokenizer.ggml.model': text('gpt2'),
  'tokenizer.ggml.pre': text('gpt-2'),
  'tokenizer.ggml.tokens': texts([
    ...alphabet,
    'ab',
    '<s>',
    '<fim_prefix>',
    '<fim_suffix>',
    '<fim_middle>',
    '~~~~',
  ]),
  'tokenizer.ggml.token_type': [9, 5, [...alphabet.map(() => 1), 1, 3, 4, 3, 3, 4]] as GgufValue,
  'tokenizer.ggml.merges': texts(['a b']),
};
const [merged, start, prefixMark, suffixMark, middleMark, userDefined] = [94, 95, 96, 97, 98, 99];

function write(metadata: GgufParts['metadata']): string {
  const path = join(temporaryFolder(), 'vocabulary.gguf');
  writeFileSync(path, ggufBytes({ metadata: metadata! }));
  return path;
}

describe('a vocabulary', () => {
  it('encodes the spelling of a mark as ordinary text', () => {
    const tokenizer = loadGgufTokenizer(write(good));
    expect(tokenizer.special('<fim_prefix>')).toBe(prefixMark);
    expect(tokenizer.encode('<fim_prefix>')).not.toContain(prefixMark);
    expect(tokenizer.bytes(prefixMark)).toHaveLength(0);
  });

  it('finds user-defined tokens in a text', () => {
    const tokenizer = loadGgufTokenizer(write(good));
    expect(tokenizer.encode('ab~~~~ab')).toEqual([merged, userDefined, merged]);
    expect(Buffer.from(tokenizer.bytes(userDefined)).toString()).toBe('~~~~');
  });

  it('says which tokens begin and end a text', () => {
    const tokenizer = loadGgufTokenizer(
      write({
        ...good,
        'tokenizer.ggml.add_bos_token': [7, true],
        'tokenizer.ggml.bos_token_id': uint32(start),
        'tokenizer.ggml.eos_token_id': uint32(start),
      }),
    );
    expect([tokenizer.startId, tokenizer.endIds]).toEqual([start, [start]]);
  });

  const no = { 'tokenizer.ggml.add_bos_token': [7, false] } as const;
  it.each([
    ['llama-bpe', 'says nothing', {}, start],
    ['llama-bpe', 'says no', no, undefined],
    ['llama3', 'says nothing', {}, start],
    ['pixtral', 'says nothing', {}, start],
    ['tekken', 'says nothing', {}, start],
    ['smaug-bpe', 'says nothing', {}, undefined],
    ['gpt-2', 'says nothing', {}, undefined],
    ['qwen2', 'says nothing', {}, undefined],
  ])('of kind %s, whose file %s, has the start token of llama.cpp', (pre, _, said, expected) => {
    const begun = { 'tokenizer.ggml.pre': text(pre), 'tokenizer.ggml.bos_token_id': uint32(start) };
    expect(loadGgufTokenizer(write({ ...good, ...begun, ...said })).startId).toBe(expected);
  });

  it('may have fewer tokens than the embedding table has rows', () => {
    const path = join(temporaryFolder(), 'rows.gguf');
    const table = { dims: [32, 128], type: 0, data: new Uint8Array(32 * 128 * 4) };
    writeFileSync(path, ggufBytes({ metadata: good, tensors: { 'token_embd.weight': table } }));
    const tokenizer = loadGgufTokenizer(path);
    expect(tokenizer.vocabulary).toBe(128);
    expect(tokenizer.bytes(127)).toHaveLength(0);
    expect(decode(tokenizer, [...tokenizer.encode('ab'), 120])).toBe('ab');
  });

  it('may have more types and scores than tokens, as llama.cpp allows', () => {
    const [, , types] = good['tokenizer.ggml.token_type'] as [number, number, number[]];
    const path = write({ ...good, 'tokenizer.ggml.token_type': [9, 5, [...types, 1, 1]] });
    expect(loadGgufTokenizer(path).encode('ab')).toEqual([merged]);
  });

  it('has elements of HTML as text, and a mark that looks like one as a mark', () => {
    const names = ['<table>', '</h1>', '<code>', '</s>', '<unk>', '<start_of_turn>'];
    const [, , types] = good['tokenizer.ggml.token_type'] as [number, number, number[]];
    const [, , tokens] = good['tokenizer.ggml.tokens'] as [number, number, string[]];
    const tokenizer = loadGgufTokenizer(
      write({
        ...good,
        'tokenizer.ggml.tokens': texts([...tokens, ...names]),
        'tokenizer.ggml.token_type': [9, 5, [...types, ...names.map(() => 4)]],
      }),
    );
    expect(names.filter(name => tokenizer.special(name) === undefined)).toEqual([
      '<table>',
      '</h1>',
      '<code>',
    ]);
    expect(decode(tokenizer, tokenizer.encode('<table></h1>'))).toBe('<table></h1>');
    expect(tokenizer.encode('<table>')).toEqual([100]);
  });

  it('begins and ends a text as llama.cpp does, if an old file of LLaMA does not say it', () => {
    const pieces = ['<unk>', '<s>', '</s>', 'a'];
    const tokenizer = loadGgufTokenizer(
      write({
        'tokenizer.ggml.model': text('llama'),
        'tokenizer.ggml.tokens': texts(pieces),
        'tokenizer.ggml.scores': [9, 6, [0, 0, 0, -1]],
        'tokenizer.ggml.token_type': [9, 5, [2, 3, 3, 1]],
      }),
    );
    expect([tokenizer.startId, tokenizer.endIds]).toEqual([1, [2]]);
  });

  it('names its marks of fill-in-the-middle by id', () => {
    const tokenizer = loadGgufTokenizer(
      write({
        ...good,
        'tokenizer.ggml.fim_pre_token_id': uint32(prefixMark),
        'tokenizer.ggml.fim_suf_token_id': uint32(suffixMark),
        'tokenizer.ggml.fim_mid_token_id': uint32(middleMark),
      }),
    );
    expect(tokenizer.fillInMiddle).toEqual({ prefix: prefixMark, suffix: suffixMark, middle: middleMark });
  });
});

describe('a vocabulary is refused', () => {
  function check(change: NonNullable<GgufParts['metadata']>, name: string, problem: string): void {
    const path = write({ ...good, ...change });
    checkFault(() => loadGgufTokenizer(path), path, `tokenizer.ggml.${name}`, problem);
  }

  it('if it is of another kind', () =>
    check({ 'tokenizer.ggml.model': text('bert') }, 'model', 'found "bert", expected one of'));
  it('if its way to cut texts is not known', () =>
    check(
      { 'tokenizer.ggml.pre': text('whitespace') },
      'pre',
      'found "whitespace", expected a way to cut texts that Sotto knows',
    ));
  it('if it has more tokens than the embedding table has rows', () => {
    const path = join(temporaryFolder(), 'rows.gguf');
    const table = { dims: [32, 64], type: 0, data: new Uint8Array(32 * 64 * 4) };
    writeFileSync(path, ggufBytes({ metadata: good, tensors: { 'token_embd.weight': table } }));
    const problem = 'found 100 of them, expected at most 64, the rows of token_embd.weight';
    checkFault(() => loadGgufTokenizer(path), path, 'tokenizer.ggml.tokens', problem);
  });
  it('if it has no merges', () =>
    check({ 'tokenizer.ggml.merges': uint32(0) }, 'merges', 'expected pairs of tokens'));
  it('if it has no list of tokens', () =>
    check({ 'tokenizer.ggml.tokens': uint32(1) }, 'tokens', 'expected a list of tokens'));
  it('if it has fewer types than tokens', () =>
    check({ 'tokenizer.ggml.token_type': [9, 5, [1]] }, 'token_type', 'found 1 of them, expected 100'));
  it('if a merge is not a pair', () =>
    check({ 'tokenizer.ggml.merges': texts(['ab']) }, 'merges', 'expected pairs'));
  it('if the token that ends a text does not exist', () =>
    check(
      { 'tokenizer.ggml.eos_token_id': uint32(100) },
      'eos_token_id',
      'found 100, expected a number from 0 to 99',
    ));
  it('if a token is not spelled as bytes', () =>
    check(
      {
        'tokenizer.ggml.tokens': texts([...Array(99).fill('a'), '日']),
        'tokenizer.ggml.token_type': [9, 5, Array(100).fill(1)],
      },
      'tokens',
      "found '日', expected bytes",
    ));
  it('if it has no scores and merges need them', () =>
    check({ 'tokenizer.ggml.model': text('llama') }, 'scores', 'found nothing, expected a list of numbers'));
});
