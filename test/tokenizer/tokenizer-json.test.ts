/** What is read from a `tokenizer.json` and the files beside it, and which of them are refused. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openGgufFile } from '../../src/checkpoint/gguf-file';
import { isString, JsonFile } from '../../src/checkpoint/json-file';
import { ModelFileError } from '../../src/checkpoint/model-file-error';
import { findLayout } from '../../src/prompt/find-layout';
import { loadTokenizer } from '../../src/tokenizer/load-tokenizer';
import { byteOfCharacter, decode } from '../../src/tokenizer/tokenizer';
import { temporaryFolder } from '../temporary-folder';

const alphabet = [...byteOfCharacter.keys()];
const vocab = Object.fromEntries([...alphabet, 'ab', 'abc'].map((token, id) => [token, id]));
const [ab, abc, first] = [256, 257, 258];
const byteLevel = { type: 'ByteLevel', add_prefix_space: false, use_regex: true };
const model = { type: 'BPE', vocab, merges: ['a b', ['ab', 'c']] };
const good = {
  added_tokens: [{ id: first, content: '<|end|>', special: true }] as unknown[],
  normalizer: null,
  pre_tokenizer: byteLevel,
  model,
};

type Files = Readonly<Record<string, unknown>>;

function folderOf(json: object, others: Files = {}): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries({ 'tokenizer.json': { ...good, ...json }, ...others }))
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return folder;
}

const added = (...tokens: object[]) => ({
  added_tokens: tokens.map((token, index) => ({ id: first + index, ...token })),
});

describe('a tokenizer.json', () => {
  it('may write merges as text and as pairs', async () => {
    const tokenizer = await loadTokenizer(folderOf({}));
    expect(tokenizer.encode('abcab')).toEqual([abc, ab]);
    expect(decode(tokenizer, [ab, abc])).toBe('ababc');
  });

  it('cuts the same with a pattern that keeps its matches and one that drops the rest', async () => {
    const Regex = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;
    const cut = (behavior: string, invert: boolean) => ({
      pre_tokenizer: {
        type: 'Sequence',
        pretokenizers: [
          { type: 'Split', pattern: { Regex }, behavior, invert },
          { ...byteLevel, use_regex: false },
        ],
      },
    });
    const [kept, dropped] = await Promise.all(
      [cut('Isolated', false), cut('Removed', true)].map(json => loadTokenizer(folderOf(json))),
    );
    const text = "abc's  ab\u0085\ufeff\n12 \t=>abc";
    expect(dropped!.encode(text)).toEqual(kept!.encode(text));
    expect(decode(kept!, kept!.encode(text))).toBe(text);
  });

  it('may ignore merges for a word that is a token', async () => {
    const unmerged = { ...model, vocab: { ...vocab, cab: first }, ignore_merges: true };
    const tokenizer = await loadTokenizer(folderOf({ added_tokens: [], model: unmerged }));
    expect(tokenizer.encode('cab')).toEqual([first]);
    expect(tokenizer.encode('cabc')).toEqual([vocab['c'], abc]);
  });

  it('drops a byte without a token before it merges, as the reference does', async () => {
    // U+00B7 is the bytes C2 B7.
    const kept = [...alphabet.filter(character => !['Â', '·'].includes(character)), '=='];
    const vocab = Object.fromEntries(kept.map((token, id) => [token, id]));
    const lossy = { type: 'BPE', vocab, merges: ['= ='] };
    const tokenizer = await loadTokenizer(folderOf({ added_tokens: [], model: lossy }));
    expect(tokenizer.encode('=\u00b7=')).toEqual([vocab['==']]);
  });

  it('finds ordinary added tokens in a text', async () => {
    const tokenizer = await loadTokenizer(folderOf(added({ content: '\t\t' })));
    expect(tokenizer.encode('ab\t\tab')).toEqual([ab, first, ab]);
    expect(decode(tokenizer, [first])).toBe('\t\t');
  });

  it('has marks of fill-in-the-middle even if it calls them ordinary', async () => {
    const names = ['<|fim_prefix|>', '<|fim_middle|>', '<|fim_suffix|>'];
    const tokenizer = await loadTokenizer(folderOf(added(...names.map(content => ({ content })))));
    expect(findLayout(tokenizer).name).toContain('Qwen2.5-Coder');
    expect(tokenizer.encode(names[0]!)).not.toContain(first);
  });

  it('never merges a text into a mark', async () => {
    const tokenizer = await loadTokenizer(
      folderOf({ added_tokens: [{ id: abc, content: 'abc', special: true }] }),
    );
    expect(tokenizer.encode('abc')).toEqual([ab, vocab['c']]);
  });

  it('has a token that takes the blanks beside it as a mark, as Phi-3 has </s>', async () => {
    const tokenizer = await loadTokenizer(
      folderOf(
        added(
          { content: '</s>', rstrip: true, special: false },
          { content: '<mask>', lstrip: true, special: false },
        ),
      ),
    );
    expect([tokenizer.special('</s>'), tokenizer.special('<mask>')]).toEqual([first, first + 1]);
    const text = 'ab</s>  ab <mask>';
    expect(tokenizer.encode(text)).not.toContain(first);
    expect(decode(tokenizer, tokenizer.encode(text))).toBe(text);
  });

  it('has ids without bytes for the unused rows of the embedding table', async () => {
    const tokenizer = await loadTokenizer(folderOf({}, { 'config.json': { vocab_size: 300 } }));
    expect([tokenizer.vocabulary, tokenizer.bytes(299).length]).toEqual([300, 0]);
  });

  it('leaves out a mark that is beyond the embedding table', async () => {
    const tokenizer = await loadTokenizer(folderOf({}, { 'config.json': { vocab_size: first } }));
    expect([tokenizer.vocabulary, tokenizer.special('<|end|>')]).toEqual([first, undefined]);
  });

  it('gives U+FFFD for a lone surrogate', async () => {
    const tokenizer = await loadTokenizer(folderOf({}));
    expect(decode(tokenizer, tokenizer.encode('a\ud800b'))).toBe('a\ufffdb');
  });
});

describe('the way to cut of', () => {
  const golden = JsonFile.read('test/fixtures/gguf/tokens.json');
  const texts = golden.array('wayTexts', isString, 'texts');
  const { metadata, close } = openGgufFile('test/fixtures/gguf/ways-to-cut.gguf');
  close();
  const list = (key: string) => metadata.array(`tokenizer.ggml.${key}`, isString, 'texts');
  const vocabulary = {
    type: 'BPE',
    vocab: Object.fromEntries(list('tokens').map((token, id) => [token, id])),
    merges: list('merges'),
  };
  // llama.cpp's own way to cut, and four that no graph of ours needs.
  const refused = ['default', 'falcon', 'kimi-k2', 'superbpe', 'chameleon'];
  const ignoring = ['llama-bpe', 'granite-embed-multi-97m', 'tekken', 'youtu', 'minicpm5'];

  it.each(golden.object('ways').keys())('%s has the ids of the reference, or is refused', async way => {
    const load = () =>
      loadTokenizer(
        folderOf({
          added_tokens: [{ id: 0, content: '<|endoftext|>', special: true }],
          pre_tokenizer: golden.object('waySteps').unknown(way),
          model: { ...vocabulary, ignore_merges: ignoring.includes(way) },
        }),
      );
    if (refused.includes(way))
      return expect(load()).rejects.toThrow(/found .*, expected (the pattern of|one of)/);
    const tokenizer = await load();
    const ids = golden.object('ways').unknown(way);
    expect(texts.map(text => tokenizer.encode(text))).toEqual(ids);
  });
});

describe('the tokens that begin and end a text', () => {
  const tokens = added(
    { content: '<s>', special: true },
    { content: '</s>', rstrip: true },
    { content: '<eot>' },
  );
  const template = {
    type: 'TemplateProcessing',
    single: [{ SpecialToken: { id: '<s>' } }, { Sequence: {} }],
  };

  it.each<[string, Files]>([
    ['generation_config.json', { 'generation_config.json': { eos_token_id: [first + 1, first + 2] } }],
    [
      'config.json',
      { 'config.json': { eos_token_id: first + 1 }, 'generation_config.json': { eos_token_id: first + 2 } },
    ],
  ])('are read from %s', async (_, files) => {
    const tokenizer = await loadTokenizer(folderOf(tokens, files));
    expect(new Set(tokenizer.endIds)).toEqual(new Set([first + 1, first + 2]));
    expect(tokenizer.encode('</s>')).not.toContain(first + 1);
  });

  it('are read from tokenizer_config.json', async () => {
    const config = { add_bos_token: true, bos_token: { content: '<s>' }, eos_token: '</s>' };
    const { startId, endIds } = await loadTokenizer(folderOf(tokens, { 'tokenizer_config.json': config }));
    expect({ startId, endIds }).toEqual({ startId: first, endIds: [first + 1] });
  });

  const plain = added({ content: '<s>', special: true });

  it('are read from its own template', async () => {
    const processors = [{ type: 'ByteLevel' }, template];
    const sequence = { post_processor: { type: 'Sequence', processors } };
    expect((await loadTokenizer(folderOf({ ...plain, ...sequence }))).startId).toBe(first);
    expect((await loadTokenizer(folderOf({ ...plain, post_processor: template }))).startId).toBe(first);
  });

  it('are none if tokenizer_config.json says so', async () => {
    const files = { 'tokenizer_config.json': { add_bos_token: false, bos_token: '<s>' } };
    const tokenizer = await loadTokenizer(folderOf({ ...plain, post_processor: template }, files));
    expect(tokenizer.startId).toBeUndefined();
  });
});

describe('a tokenizer.json is refused', () => {
  async function check(json: object, field: string, problem: string, others?: Files) {
    const folder = folderOf(json, others);
    const start = performance.now();
    const fault = await loadTokenizer(folder).catch((error: unknown) => error);
    expect(performance.now() - start).toBeLessThan(1000);
    expect(fault).toBeInstanceOf(ModelFileError);
    const { message } = fault as ModelFileError;
    expect(message).toContain(`${join(folder, 'tokenizer.json')}: ${field}: ${problem}`);
    expect(message).not.toContain('\n');
  }
  const sentencePiece = { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: false };
  const cut = (Regex: string, behavior = 'Isolated', invert = false) => ({
    pre_tokenizer: { type: 'Split', pattern: { Regex }, behavior, invert },
  });

  it.each<[string, object, string, string]>([
    ['without a model', { model: null }, 'model', 'found null, expected an object'],
    [
      'of Unigram',
      { model: { ...model, type: 'Unigram' } },
      'model.type',
      'found "Unigram", expected one of BPE',
    ],
    [
      'with a suffix',
      { model: { ...model, end_of_word_suffix: '</w>' } },
      'model.end_of_word_suffix',
      'found "</w>"',
    ],
    ['with dropout', { model: { ...model, dropout: 0.1 } }, 'model.dropout', 'found 0.1'],
    [
      'with an id of text',
      { model: { ...model, vocab: { a: '1' } } },
      'model.vocab.a',
      'found "1", expected a number',
    ],
    ['with an id below 0', { model: { ...model, vocab: { a: -1 } } }, 'model.vocab.a', 'found -1'],
    ['with a huge id', { model: { ...model, vocab: { a: 1e9 } } }, 'model.vocab.a', 'found 1000000000'],
    [
      'with gaps',
      { model: { ...model, vocab: { ...vocab, z9: 2e6 } } },
      'model.vocab',
      'found 2000000, expected ids without gaps',
    ],
    [
      'with an id twice',
      { model: { ...model, vocab: { ...vocab, aa: 0 } } },
      'model.vocab',
      'found 0, expected an id for',
    ],
    ['without tokens', { model: { ...model, vocab: {} } }, 'model.vocab', 'found {}, expected tokens'],
    [
      'with a merge of one',
      { model: { ...model, merges: ['ab'] } },
      'model.merges',
      'found ["ab"], expected pairs',
    ],
    [
      'with a merge of the unknown',
      { model: { ...model, merges: ['a é'] } },
      'model.merges[0]',
      'found "a é", expected tokens of',
    ],
    [
      'with a merge to the unknown',
      { model: { ...model, merges: [['b', 'a']] } },
      'model.merges[0]',
      'found ["b","a"]',
    ],
    [
      'with another id for a token',
      added({ id: 5, content: 'ab' }),
      'added_tokens[0].id',
      'found 5, expected 256',
    ],
    ['with a token of nothing', added({ content: '' }), 'added_tokens[0].content', 'found ""'],
    [
      'with a token of words',
      added({ content: 'x y', single_word: true }),
      'added_tokens[0].single_word',
      'found true',
    ],
    [
      'with lower case',
      { normalizer: { type: 'Lowercase' } },
      'normalizer.type',
      'found "Lowercase", expected one of',
    ],
    [
      'with another step',
      { pre_tokenizer: { type: 'Whitespace' } },
      'pre_tokenizer.type',
      'found "Whitespace"',
    ],
    [
      'with a space in front',
      { pre_tokenizer: { type: 'ByteLevel' } },
      'pre_tokenizer.add_prefix_space',
      'found true',
    ],
    [
      'with a pattern of its own',
      cut('(a+)+$'),
      'pre_tokenizer.pattern.Regex',
      'found "(a+)+$", expected the pattern',
    ],
    ['with an absurd pattern', cut('x'.repeat(1e6)), 'pre_tokenizer.pattern.Regex', 'found "xxx'],
    [
      'where a pattern drops text',
      cut('[\\r\\n]', 'Removed', true),
      'pre_tokenizer.pattern.Regex',
      'found "[\\\\r',
    ],
    [
      'where it drops the matches',
      cut('\\p{N}', 'Removed'),
      'pre_tokenizer.invert',
      'found false, expected true',
    ],
    [
      'cut in no known way',
      { pre_tokenizer: null },
      'pre_tokenizer',
      'found null, expected ByteLevel, or Metaspace',
    ],
    ['without bytes', { pre_tokenizer: sentencePiece }, 'model.byte_fallback', 'found false, expected true'],
    [
      'without a byte',
      { pre_tokenizer: sentencePiece, model: { ...model, byte_fallback: true } },
      'model.vocab',
      'found nothing, expected a token <0x00>',
    ],
  ])('%s', (_, json, field, problem) => check(json, field, problem));

  it('with tokens that the model has no row for', () =>
    check({}, 'model.vocab', "found 257, expected less than config.json's vocab_size of 257", {
      'config.json': { vocab_size: 257 },
    }));
  it('that is no JSON', async () => {
    const folder = folderOf({}, { 'tokenizer.json': '{"model":' });
    await expect(loadTokenizer(folder)).rejects.toThrow('tokenizer.json: file: is not JSON');
  });
  it('with a configuration of two billion rows', async () => {
    const folder = folderOf({}, { 'config.json': { vocab_size: 2e9 } });
    await expect(loadTokenizer(folder)).rejects.toThrow('config.json: vocab_size: found 2000000000');
  });
});
