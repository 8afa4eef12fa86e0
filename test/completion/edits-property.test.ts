/**
 * Random edits in real files, with an engine that writes random text. If the user accepts a suggestion, the document is
 * exactly as the ghost text showed it, and no text of the document is lost.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createCompleter } from '../../src/completion/completer';
import type { Suggestion } from '../../src/completion/request';
import type { DocumentSnapshot } from '../../src/document/document-snapshot';
import type { Engine } from '../../src/generation/engine';
import { createSuffixPrefixMiddle } from '../../src/prompt/prompt-layout';
import { idsWithByte } from '../../src/tokenizer/tokenizer';
import { createByteTokenizer } from '../byte-tokenizer';
import { createRandom, type Random } from '../random';
import { end, prefill } from './scripted-engine';
import { testCalibration, testSettings } from './settings-for-test';

const rounds = 1000;
const editsARound = 12;

it('an accepted suggestion changes the document as its ghost text showed', async () => {
  const random = createRandom(6);
  const files = ['src/completion', 'src/document', 'src/prompt', 'examples/web', 'examples/app'].flatMap(
    textsOf,
  );
  const seen = {
    asked: 0,
    shown: 0,
    replacing: 0,
    lines: 0,
    'typed-along': 0,
    remembered: 0,
    prepared: 0,
    model: 0,
    copied: 0,
    crlf: 0,
  };
  for (let round = 0; round < rounds; round++) {
    const text = vary(random.pick(files), random);
    const editor = createEditor(text, random.pick(['\n', '\r\n']));
    const completer = createCompleter({ openModel: async () => model(random, text), clock: hurriedClock() });
    const scope = random.pick(['line', 'block'] as const);
    let typed = '';
    for (let edit = 0; edit < editsARound; edit++) {
      // Without the last answer, the same place is asked about again, so that the remembered answer is used.
      if (edit > 0 && random.below(5) === 0) completer.forget();
      else if (typed !== '' && random.below(3) > 0) editor.type(typed);
      else editor.edit(random);
      const document = editor.snapshot(`file:///project/${round}.ts`);
      const trigger = random.pick(['automatic', 'automatic', 'manual'] as const);
      const request = { document, trigger, scope, settings: testSettings };
      const { signal } = new AbortController();
      const outcomes =
        trigger === 'manual'
          ? await completer.completeSeveral(request, signal)
          : [await completer.complete(request, signal)];
      const completions = outcomes.flatMap(({ shown }) => shown ?? []);
      seen.asked++;
      for (const completion of completions) {
        checkShown(document, completion, editor);
        seen.shown++;
        seen[completion.source]++;
        if (completion.replaceAfter > 0) seen.replacing++;
        if (completion.text.includes('\n')) seen.lines++;
        if (editor.lineEnd === '\r\n') seen.crlf++;
      }
      const [first] = completions;
      if (trigger === 'automatic' && first !== undefined) await completer.prepareNext(request, first);
      typed = wholeCharacters(first?.text ?? '', random.pick([random.below(12), Infinity, Infinity]));
    }
  }
  expect(seen.asked).toBe(rounds * editsARound);
  // Each source and each kind of suggestion occurred often enough.
  for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(20);
  expect(seen.shown).toBeGreaterThan(2_000);
}, 120_000);

function checkShown(document: DocumentSnapshot, { text, replaceAfter }: Suggestion, editor: Editor): void {
  const message = JSON.stringify({ document, text, replaceAfter });
  const right = document.suffix.slice(0, document.suffix.search(/\n|$/));
  const ghost = ghostText(text, right.slice(0, replaceAfter));
  // VS Code shows nothing if the replaced text does not occur in the first line.
  expect(ghost, message).toBeDefined();
  expect(replaceAfter, message).toBeLessThanOrEqual(right.length);

  const accepted = editor.accept(text, replaceAfter);
  expect(accepted.replaceAll('\r\n', '\n'), message).toBe(
    document.prefix + ghost!.map(part => part.text).join('') + document.suffix.slice(replaceAfter),
  );
  const keptText = ghost!
    .filter(part => !part.isNew)
    .map(part => part.text)
    .join('');
  expect(document.prefix + keptText + document.suffix.slice(replaceAfter), message).toBe(
    document.prefix + document.suffix,
  );
  // One kind of line end, no half of a surrogate pair, no invisible characters, and not only white space.
  expect(accepted.replaceAll(editor.lineEnd, ''), message).not.toMatch(/[\r\n]/);
  expect(() => encodeURIComponent(text), message).not.toThrow();
  expect(text, message).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b\ufeff\ufffd\0]/);
  expect(text.trim(), message).not.toBe('');
}

interface Part {
  readonly text: string;
  readonly isNew: boolean;
}

/**
 * @returns the ghost text that VS Code draws for an item that replaces `replaced`: the old characters, and the new ones
 * between them; undefined if it draws nothing
 */
function ghostText(text: string, replaced: string): readonly Part[] | undefined {
  const [firstLine = ''] = text.split('\n');
  const parts: Part[] = [];
  let at = 0;
  for (const character of replaced) {
    const found = firstLine.indexOf(character, at);
    if (found === -1) return undefined;
    parts.push({ text: firstLine.slice(at, found), isNew: true }, { text: character, isNew: false });
    at = found + character.length;
  }
  return [...parts, { text: text.slice(at), isNew: true }];
}

type Editor = ReturnType<typeof createEditor>;

/** A document with a cursor. @param lineEnd of each of its lines */
function createEditor(text: string, lineEnd: string) {
  let before = '';
  let after = text.replaceAll('\n', lineEnd);
  const toLineFeeds = (part: string) => part.replaceAll('\r\n', '\n');
  const toLineEnds = (part: string) => part.replaceAll('\n', lineEnd);
  return {
    lineEnd,
    type(typed: string) {
      before += toLineEnds(typed);
    },
    /** Moves the cursor to a random place, deletes some text to the left, and types some text. */
    edit(random: Random) {
      const all = toLineFeeds(before + after);
      const cursor = wholeCharacters(all, random.below(all.length + 1)).length;
      const kept = wholeCharacters(all, Math.max(0, cursor - random.below(20)));
      before = toLineEnds(kept + random.join(pieces, random.below(4)));
      // Most suggestions are wanted at the end of a line, or before closing brackets that the editor has written.
      const rest = all.slice(cursor);
      const line = random.below(4) > 0 ? rest.slice(rest.search(/\n|$/)) : rest;
      after = toLineEnds(random.pick(['', '', ')', ');', '"', ']}', '  ']) + line);
    },
    snapshot: (uri: string): DocumentSnapshot => ({
      uri,
      path: 'src/a.ts',
      languageId: 'typescript',
      prefixOffset: 0,
      prefix: toLineFeeds(before),
      suffix: toLineFeeds(after),
    }),
    /** The document after VS Code's edit, which writes the line ends of the document. */
    accept: (item: string, replaceAfter: number) =>
      before + item.replaceAll(/\r\n|\r|\n/g, lineEnd) + after.slice(replaceAfter),
  };
}

/** The first `length` characters, or one more if the last one would be half of a surrogate pair. */
function wholeCharacters(text: string, length: number): string {
  const isHalf = /^[\udc00-\udfff]/.test(text.slice(length));
  return text.slice(0, isHalf ? length + 1 : length);
}

const words = ['foo', 'a', 'return', 'שלום', 'مرحبا', 'e\u0301', '👩\u200d💻', '😀', '変数', 'n\u0303o'];
const marks = [
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  ';',
  ',',
  ' ',
  ' = ',
  '=>',
  ':',
  '\t',
  '\n',
  '\n  ',
  '\n\t',
];
const hostile = [
  '\r\n',
  '\r',
  '\u202e',
  '\u2066',
  '\u200b',
  '\ufeff',
  '\0',
  '\u2028',
  'ab ab ab ab ',
  '\n\n\n',
];
const pieces = [...words, ...marks];

/** Adds things that real texts also have: tabs, and letters of other scripts. */
function vary(text: string, random: Random): string {
  const indented =
    random.below(3) === 0 ? text.replaceAll(/^( {2})+/gm, blank => '\t'.repeat(blank.length / 2)) : text;
  const at = wholeCharacters(indented, random.below(indented.length)).length;
  return indented.slice(0, at) + random.pick(words) + indented.slice(at);
}

function textsOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(({ name }) => readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').slice(0, 6_000));
}

function model(random: Random, text: string) {
  const tokenizer = createByteTokenizer();
  return {
    name: 'anything',
    tokenizer,
    layout: createSuffixPrefixMiddle(tokenizer)!,
    contextWindow: 384,
    lineBreakIds: idsWithByte(tokenizer, 10),
    heal: () => undefined,
    calibration: testCalibration,
    engine: { generate: request => answer(random, text, request.ids.length) } satisfies Engine,
  };

  /** Writes lines of the file, pieces of code, invisible characters, or bytes that are not text. */
  async function* answer(random: Random, text: string, promptTokens: number): ReturnType<Engine['generate']> {
    const at = wholeCharacters(text, random.below(text.length)).length;
    const said = random.pick([
      wholeCharacters(text.slice(at), random.below(120)),
      random.join(pieces, random.below(12)),
      random.join([...pieces, ...hostile], random.below(12)),
    ]);
    const ids = tokenizer.encode(said);
    if (random.below(8) === 0)
      ids.splice(random.below(ids.length + 1), 0, 5 + random.below(256), 5 + random.below(256));
    yield prefill(promptTokens);
    for (const id of ids)
      yield { type: 'token', id, logProb: -random.below(100) / random.pick([40, 100, 1_000]) };
    yield end(random.pick(['end-token', 'max-tokens', 'max-time']));
  }
}

/** Each look at the clock is 500 ms after the last one, so there is always a pause and nothing waits for the next key. */
function hurriedClock() {
  let now = 0;
  return {
    now: () => {
      now += 500;
      return now;
    },
    sleep: async () => undefined,
  };
}
