/** Folders without a `tokenizer.json`. */
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../src/tokenizer/load-tokenizer';
import { decode } from '../../src/tokenizer/stream-decoder';
import { temporaryFolder } from '../temporary-folder';

function folderOf(files: Readonly<Record<string, unknown>>): string {
  const folder = join(temporaryFolder(), 'model');
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return folder;
}

const line = 'export const answer = 42; // it’s\n';

describe('vocab.json with merges.txt', () => {
  const fixture = (name: string) =>
    JSON.parse(readFileSync(join(__dirname, `../fixtures/tokenizers/${name}/tokenizer.json`), 'utf8'));
  const pair = (name: string, model_type: string) => {
    const { model, added_tokens } = fixture(name);
    const tokens: { content: string; id: number }[] = added_tokens;
    return {
      'config.json': { model_type },
      'vocab.json': model.vocab,
      'merges.txt': ['#version: 0.2', ...model.merges.map((merge: string[]) => merge.join(' ')), ''].join(
        '\n',
      ),
      'added_tokens.json': Object.fromEntries(tokens.map(({ content, id }) => [content, id])),
    };
  };

  it.each([
    ['gpt-2', 'gpt2'],
    ['phi', 'phi'],
    ['qwen2', 'qwen2'],
  ])('is what the tokenizer.json of %s is', async (name, type) => {
    const tokenizer = await loadTokenizer(folderOf(pair(name, type)));
    const same = await loadTokenizer(join(__dirname, '../fixtures/tokenizers', name));
    const text = `${line}    1234 '\u017f café cafe\u0301 \ufeff<|endoftext|>`;
    expect(tokenizer.encode(text)).toEqual(same.encode(text));
    expect(tokenizer.special('<|endoftext|>')).toBe(same.special('<|endoftext|>'));
  });

  it('is refused where the merges are longer than any', () => {
    const folder = folderOf(pair('gpt-2', 'gpt2'));
    truncateSync(join(folder, 'merges.txt'), 2 ** 26 + 1);
    return expect(loadTokenizer(folder)).rejects.toThrow(
      'merges.txt: size: 67108865 bytes, expected a small list of merges',
    );
  });

  it('is refused for a family that is cut in a way they do not say', () =>
    expect(loadTokenizer(folderOf(pair('starcoder2', 'starcoder2')))).rejects.toThrow(
      'config.json: model_type: found "starcoder2", expected one of gpt2',
    ));
});

describe("OpenAI's vocabularies", () => {
  it('is r50k for a GPT-2 that brings none', async () => {
    const tokenizer = await loadTokenizer(
      folderOf({ 'config.json': { model_type: 'gpt2', vocab_size: 50_257 } }),
    );
    expect(tokenizer.encode('Hello world')).toEqual([15_496, 995]);
    expect([tokenizer.special('<|endoftext|>'), tokenizer.endIds]).toEqual([50_256, [50_256]]);
    expect(tokenizer.encode('<|endoftext|>')).not.toContain(50_256);
  });

  it('has runs of spaces in p50k only', async () => {
    const [r50k, p50k, edit] = await Promise.all(
      ['r50k_base', 'p50k_base', 'p50k_edit'].map(base =>
        loadTokenizer(folderOf({ 'vocab.json': { base } })),
      ),
    );
    const text = '        return x';
    expect(r50k!.encode(text).length).toBeGreaterThan(p50k!.encode(text).length);
    expect(edit!.encode(text)).toEqual(p50k!.encode(text));
    expect(edit!.special('<|fim_prefix|>')).toBe(50_281);
    expect([r50k, p50k, edit].map(each => each!.vocabulary)).toEqual([50_257, 50_281, 50_284]);
    for (const each of [r50k, p50k, edit]) expect(decode(each!, each!.encode(line))).toBe(line);
  });

  it('takes U+0085 for white space and U+FEFF for a sign, as tiktoken does', async () => {
    const tokenizer = await loadTokenizer(folderOf({ 'vocab.json': { base: 'r50k_base' } }));
    expect(tokenizer.encode('x \u0085 y')).toEqual([87, 1_587, 227, 331]);
    expect(tokenizer.encode(' \ufeffimport')).toEqual([27_332, 119, 123, 11_748]);
  });

  it('is refused where it would be 3.6 MB for no one', () =>
    expect(loadTokenizer(folderOf({ 'vocab.json': { base: 'cl100k_base' } }))).rejects.toThrow(
      'vocab.json: base: found "cl100k_base", expected one of r50k_base, p50k_base, p50k_edit',
    ));
});

it('a SentencePiece file alone is refused with what to do', () =>
  expect(loadTokenizer(folderOf({ 'tokenizer.model': 'x', 'config.json': {} }))).rejects.toThrow(
    /tokenizer\.model: file: SentencePiece alone is not read; make a tokenizer\.json of it/,
  ));
