import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ModelFileError } from '../../src/checkpoint/model-file-error';
import { loadTokenizer } from '../../src/tokenizer/load-tokenizer';
import { decode } from '../../src/tokenizer/tokenizer';
import { temporaryFolder } from '../temporary-folder';

function folderOf(files: Readonly<Record<string, unknown>>): string {
  const folder = join(temporaryFolder(), 'model');
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return folder;
}

const line = 'export const answer = 42; // it’s\n';

describe("Sotto's vocab.json", () => {
  /** The first 256 ranks of p50k are the single bytes. */
  const bytes = Array.from({ length: 256 }, (_, rank) => rank);
  const good = { base: 'p50k_base', special: ['<|endoftext|>'], kept: bytes };

  async function checkRefused(content: unknown, field: string, problem: string) {
    const folder = folderOf({ 'vocab.json': content });
    const fault = await loadTokenizer(folder).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(ModelFileError);
    expect((fault as ModelFileError).message).toContain(
      `${join(folder, 'vocab.json')}: ${field}: ${problem}`,
    );
  }

  it('has the special tokens and the kept ranks', async () => {
    expect((await loadTokenizer(folderOf({ 'vocab.json': good }))).vocabulary).toBe(257);
  });

  it('is named in the error if it is missing', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'vocab.json');
    await expect(loadTokenizer(folder)).rejects.toThrow(`${path}: file: cannot be read (ENOENT)`);
  });

  it('is refused if it is not JSON', () => checkRefused('{"base":', 'file', 'is not JSON'));
  it('is refused if it is not an object', () => checkRefused([1], 'file', 'expected a JSON object'));

  it.each([
    [
      { ...good, base: 'cl100k_base' },
      'base',
      'found "cl100k_base", expected one of r50k_base, p50k_base, p50k_edit',
    ],
    [{ kept: bytes, special: [] }, 'base', 'found nothing, expected one of r50k_base, p50k_base, p50k_edit'],
    [{ ...good, special: [1] }, 'special', 'found [1], expected a list of names'],
    [{ ...good, special: 'all' }, 'special', 'found "all", expected a list of names'],
    [{ ...good, kept: ['a'] }, 'kept', 'found ["a"], expected a list of ranks'],
    [{ base: 'p50k_base', special: [] }, 'kept', 'found nothing, expected a list of ranks'],
    [{ ...good, kept: [...bytes, 7] }, 'kept', 'rank 7 is named twice'],
    [{ ...good, kept: [...bytes, 50_256] }, 'kept', "rank 50256 is not one of p50k's"],
    [{ ...good, kept: bytes.slice(0, -2) }, 'kept', 'only 254 of the 256 single bytes are kept'],
  ])('is refused as %j', (content, field, problem) => checkRefused(content, field, problem));
});

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
  ])('gives the same ids as the tokenizer.json of %s', async (name, type) => {
    const tokenizer = await loadTokenizer(folderOf(pair(name, type)));
    const same = await loadTokenizer(join(__dirname, '../fixtures/tokenizers', name));
    const text = `${line}    1234 '\u017f café cafe\u0301 \ufeff<|endoftext|>`;
    expect(tokenizer.encode(text)).toEqual(same.encode(text));
    expect(tokenizer.special('<|endoftext|>')).toBe(same.special('<|endoftext|>'));
  });

  it('is refused if the list of merges is absurdly long', () => {
    const folder = folderOf(pair('gpt-2', 'gpt2'));
    truncateSync(join(folder, 'merges.txt'), 2 ** 26 + 1);
    return expect(loadTokenizer(folder)).rejects.toThrow(
      'merges.txt: size: 67108865 bytes, expected a small list of merges',
    );
  });

  it('is refused for a family whose way to cut texts is not known', () =>
    expect(loadTokenizer(folderOf(pair('starcoder2', 'starcoder2')))).rejects.toThrow(
      'config.json: model_type: found "starcoder2", expected one of gpt2',
    ));
});

describe("OpenAI's vocabularies", () => {
  it('are r50k for a GPT-2 checkpoint without a tokenizer', async () => {
    const tokenizer = await loadTokenizer(
      folderOf({ 'config.json': { model_type: 'gpt2', vocab_size: 50_257 } }),
    );
    expect(tokenizer.encode('Hello world')).toEqual([15_496, 995]);
    expect([tokenizer.special('<|endoftext|>'), tokenizer.endIds]).toEqual([50_256, [50_256]]);
    expect(tokenizer.encode('<|endoftext|>')).not.toContain(50_256);
  });

  it('have tokens for runs of spaces in p50k, and none in r50k', async () => {
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

  it('treat U+0085 as white space and U+FEFF as a sign, as tiktoken does', async () => {
    const tokenizer = await loadTokenizer(folderOf({ 'vocab.json': { base: 'r50k_base' } }));
    expect(tokenizer.encode('x \u0085 y')).toEqual([87, 1_587, 227, 331]);
    expect(tokenizer.encode(' \ufeffimport')).toEqual([27_332, 119, 123, 11_748]);
  });

  it('are refused from GPT-4 on', () =>
    expect(loadTokenizer(folderOf({ 'vocab.json': { base: 'cl100k_base' } }))).rejects.toThrow(
      'vocab.json: base: found "cl100k_base", expected one of r50k_base, p50k_base, p50k_edit',
    ));
});

it('refuses a SentencePiece file alone, and says what to do', () =>
  expect(loadTokenizer(folderOf({ 'tokenizer.model': 'x', 'config.json': {} }))).rejects.toThrow(
    /tokenizer\.model: file: SentencePiece alone is not read; make a tokenizer\.json of it/,
  ));
