import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createTokenHealing, type HealedText } from '../../src/prompt/token-healing';
import { loadTokenizer } from '../../src/tokenizer/load-tokenizer';
import { type Tokenizer, utf8Bytes } from '../../src/tokenizer/tokenizer';
import { createRandom, type Random } from '../random';
import { openForgetful, testVocabularies } from '../tokenizer/library-tokenizers';
import { oddPieces } from '../tokenizer/odd-texts';

const root = join(__dirname, '../..');

/** A vocabulary of these tokens and all single bytes. It encodes with the longest token that fits. */
function tokenizerOf(...tokens: readonly string[]): Tokenizer {
  const bytesOfId = [
    ...tokens.map(utf8Bytes),
    ...Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte)),
  ];
  const spelled = bytesOfId.map(bytes => String.fromCharCode(...bytes));
  return {
    vocabulary: bytesOfId.length,
    encode(text) {
      const ids: number[] = [];
      for (let rest = String.fromCharCode(...utf8Bytes(text)); rest !== ''; ) {
        const fitting = spelled.filter(token => rest.startsWith(token));
        const longest = fitting.reduce((best, token) => (token.length > best.length ? token : best));
        ids.push(spelled.indexOf(longest));
        rest = rest.slice(longest.length);
      }
      return ids;
    },
    bytes: id => bytesOfId[id]!,
    special: () => undefined,
  };
}

const words = tokenizerOf(
  ...['this', '.', 'lis', 'listen', 'teners', ' of', ' lis', 'create', 'Http', 'Ser', ' =', '    '],
);

/** @returns `kept|typed`; `text` itself if nothing is healed */
function healed(text: string, tokenizer = words): string {
  const found = createTokenHealing(tokenizer)(text);
  return found === undefined ? text : `${found.kept}|${found.typed}`;
}

describe('the prompt ends before', () => {
  it.each([
    ['the unfinished word', 'this.|lis'],
    ['a word of several tokens', 'this.|createHttpSer'],
    ['the blank in the first token of the word', 'a of| lis'],
    ['a character of several tokens', 'a.|né'],
    ['a word that may be complete', 'a.|this'],
    ['a blank', 'a of| '],
    ['a sign', 'this|.'],
    ['the line break before an indentation', 'a;|\n    '],
    ['several blanks', 'a =|   '],
  ])('%s', (_, expected) => expect(healed(expected.replace('|', ''))).toBe(expected));

  it.each([
    ['the cursor at the beginning of a line', 'this.lis\n'],
    ['the cursor if the token is the whole text', 'lis'],
    ['the cursor in an empty text', ''],
  ])('%s', (_, text) => expect(healed(text)).toBe(text));

  it('the fourth token from the end of a longer word', () => expect(healed('a.wwwwww')).toBe('a.ww|wwww'));
  it('a whole character if the fourth token begins inside one', () =>
    expect(healed('a.日日')).toBe('a.日|日'));
});

/** @returns a text that the constraint allows, drawn token by token */
function follow({ constraint }: HealedText, tokenizer: Tokenizer, random: Random): Uint8Array {
  const bytes: number[] = [];
  for (let state = constraint[0]; state !== undefined; ) {
    const next = random.pick([...state.inside, ...state.last.map(id => [id, constraint.length] as const)]);
    bytes.push(...tokenizer.bytes(next[0]));
    state = constraint[next[1]];
  }
  return Uint8Array.from(bytes);
}

describe('with every kind of vocabulary', () => {
  const pieces = [...oddPieces, 'a', ' of', 'lis', 'été', '日本', '(', ' ', '\n  ', 'this.'];
  const names = ['lis', 'createHttpSer', 'été', '日本', '_x', '$a1'];

  const models = testVocabularies(root).map(model => relative(root, model));

  it.each(models)(
    'kept and typed together are the text, and allowed tokens spell the typed part: %s',
    model => {
      const tokenizer = openForgetful(join(root, model));
      const heal = createTokenHealing(tokenizer);
      const random = createRandom(3);
      let count = 0;
      for (let index = 0; index < 60; index++) {
        const text = `${random.join(pieces, random.below(8))}${random.pick(['.', ' ', '(', '\n'])}${random.pick(names)}`;
        const found = heal(text);
        if (found === undefined) continue;
        count++;
        expect(found.kept + found.typed).toBe(text);
        expect(found.kept).not.toBe('');
        const typed = utf8Bytes(found.typed);
        for (let draw = 0; draw < 5; draw++)
          expect(follow(found, tokenizer, random).subarray(0, typed.length)).toEqual(typed);
      }
      expect(count).toBeGreaterThan(20);
    },
  );
});

it('allows no token after which the rest cannot be spelled', () => {
  const bytesOfId = ['x', 'ab', 'a', 'c', 'abc'].map(utf8Bytes);
  const tokenizer: Tokenizer = {
    vocabulary: bytesOfId.length,
    encode: () => [0, 1, 3],
    bytes: id => bytesOfId[id]!,
    special: () => undefined,
  };
  const found = createTokenHealing(tokenizer)('xabc');
  expect(found?.typed).toBe('abc');
  // After 'a', no token begins with 'bc'.
  expect(found?.constraint).toEqual([
    { inside: [[1, 2]], last: [4], exact: [4] },
    { inside: [], last: [], exact: [] },
    { inside: [], last: [3], exact: [3] },
  ]);
});

it('reads the vocabulary once, and only if there is something to heal', async () => {
  const tokenizer = await loadTokenizer(join(root, 'test/fixtures/gguf/smollm.gguf'));
  let asked = 0;
  const heal = createTokenHealing({
    ...tokenizer,
    bytes(id) {
      asked++;
      return tokenizer.bytes(id);
    },
  });
  heal('l');
  expect(asked).toBeLessThan(10);
  heal('this.lis');
  expect(asked).toBeGreaterThan(tokenizer.vocabulary);
  asked = 0;
  heal('this.list');
  expect(asked).toBeLessThan(tokenizer.vocabulary);
});
