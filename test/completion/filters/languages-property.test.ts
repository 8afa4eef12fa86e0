/**
 * Random edits in files of eleven languages, and suggestions that say anything. Whatever the filters leave, accepting it
 * breaks nothing: brackets, strings, comments and tags are closed as before or better, and no closer comes twice.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Insertion } from '../../../src/completion/filters/filter';
import { applyFilters } from '../../../src/completion/filters/filters';
import { openBlocks } from '../../../src/document/block-words';
import { type LexerState, scanCode } from '../../../src/document/code-lexer';
import { type DocumentSnapshot, linePrefix, lineSuffix } from '../../../src/document/document-snapshot';
import { nextWord } from '../../../src/document/words';
import { createRandom, type Random } from '../../random';

const edits = 20_000;
const folder = join(import.meta.dirname, '../../fixtures/languages');
const languageIds: Readonly<Record<string, string>> = {
  ...{ ts: 'typescript', py: 'python', go: 'go', rs: 'rust', java: 'java', c: 'c' },
  ...{ rb: 'ruby', sh: 'shellscript', vue: 'vue', css: 'css', lua: 'lua' },
};

interface File {
  readonly name: string;
  readonly languageId: string;
  readonly lines: readonly string[];
}

const files: readonly File[] = readdirSync(folder)
  .sort()
  .map(name => ({
    name,
    languageId: languageIds[name.split('.')[1]!]!,
    lines: readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').trimEnd().split('\n'),
  }));

it('each file is complete', () => {
  for (const { lines, languageId } of files) {
    const text = lines.join('\n');
    expect(damage(text, languageId), languageId).toBe(0);
  }
});

it('no accepted suggestion breaks a document', () => {
  const random = createRandom(14);
  const seen = new Map<string, number>();
  const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
  const faults: string[] = [];
  for (let edit = 0; edit < edits; edit++) {
    const file = files[edit % files.length]!;
    const editKind = random.pick(Object.keys(editsByKind));
    const { document, wanted, original } = editsByKind[editKind]!(file, random);
    const saidKind = random.pick(Object.keys(suggestions));
    const whole = suggestions[saidKind]!(wanted, file, random);
    const said = random.below(3) > 0 ? whole : cutAsJudged(whole, random);

    const insertion = applyFilters(said, document);
    const isShown = !('droppedBy' in insertion);
    const isCut = isShown && insertion.text.trim() !== said.trim();
    for (const part of [file.languageId, editKind, saidKind])
      count(`${part}: ${isCut ? 'cut' : isShown ? 'shown' : 'dropped'}`);
    if (!isShown) continue;
    if (insertion.replaceAfter > 0) count('replacing');
    if (insertion.text.includes('\n')) count('lines');
    for (const fault of faultsOf(document, insertion))
      faults.push(
        `${fault} (${file.languageId}, ${editKind}, ${saidKind}): ${show(document, said, insertion)}`,
      );

    if (said !== whole || saidKind !== 'the rest of the line' || original === undefined) continue;
    count('wanted');
    const { text, replaceAfter } = insertion;
    if (document.prefix + text + document.suffix.slice(replaceAfter) === original) count('whole again');
  }
  expect(faults).toEqual([]);
  // Each language, each edit and each kind of suggestion was kept, cut and dropped often enough.
  const parts = [...Object.values(languageIds), ...Object.keys(editsByKind), ...Object.keys(suggestions)];
  for (const part of parts)
    for (const fate of ['shown', 'cut', 'dropped'])
      expect(seen.get(`${part}: ${fate}`), `${part}: ${fate}`).toBeGreaterThan(100);
  expect(seen.get('replacing')).toBeGreaterThan(500);
  expect(seen.get('lines')).toBeGreaterThan(2_000);
  // What the user wants is kept.
  expect(seen.get('whole again')).toBeGreaterThan(300);
  expect(seen.get('whole again')! / (seen.get('wanted')! || 1)).toBeGreaterThan(0.95);
}, 120_000);

function show(document: DocumentSnapshot, said: string, { text, replaceAfter }: Insertion): string {
  const line = `${linePrefix(document)}█${lineSuffix(document)}`;
  return `${JSON.stringify(line)} said ${JSON.stringify(said)} shown ${JSON.stringify(text)} in place of ${replaceAfter}`;
}

// ---- What must hold

function faultsOf(document: DocumentSnapshot, { text, replaceAfter }: Insertion): string[] {
  const { prefix, suffix, languageId } = document;
  const rest = suffix.slice(replaceAfter);
  const restOfLine = lineSuffix({ suffix: rest });
  const faults: string[] = [];

  const before = damage(prefix + suffix, languageId) + brokenStrings(prefix, suffix, languageId);
  const damageOf = (said: string) =>
    damage(prefix + said + rest, languageId) + brokenStrings(prefix, said + rest, languageId);
  // At the end of a line a suggestion may open what the user closes later. Before other text it may not.
  const isOpenAllowed = restOfLine.trim() === '';
  // Half an escape such as `\n`, which the user completes.
  const isEscape = isOpenAllowed && text.endsWith('\\');
  if (damageOf(text) > before && !isEscape) {
    const { state } = scanCode(prefix, languageId);
    const ways = isOpenAllowed ? [true, false].map(isOuter => closed(text, languageId, state, isOuter)) : [];
    if (ways.every(way => damageOf(way) > before))
      faults.push(`${before ? 'DAMAGED ' : ''}${isOpenAllowed ? 'breaks' : 'breaks before text'}`);
  }
  const blocks = openBlocks(prefix + text + rest, languageId);
  // In the middle of a line, a word such as `end` may be a part of a string.
  const closesBlock = /<\/\w|^\s*(?:end|fi|done|esac|until)\b/m.test(linePrefix(document) + text);
  if (closesBlock && blocks < 0 && blocks < openBlocks(prefix + suffix, languageId))
    faults.push('closes a block twice');

  const last = text.trimEnd().at(-1)!;
  const doubled = languageId === 'vue' ? ';,>' : ';,';
  if (doubled.includes(last) && restOfLine.trimStart().startsWith(last)) faults.push('doubled');

  if (cutsCharacter(prefix + text + rest, prefix.length + text.length)) faults.push('half a character');
  if (/\u200d$/.test(text) || /[\ud800-\udfff]/u.test(text)) faults.push('half a character');
  return faults;
}

/** How many brackets and regions are not closed, or closed and never opened. */
function damage(text: string, languageId: string): number {
  const { brackets, state } = scanCode(`${text}\n`, languageId);
  let extra = 0;
  const open: string[] = [];
  for (const { bracket } of brackets) {
    const closer = closerOf[bracket];
    if (closer !== undefined) open.push(closer);
    else {
      const index = open.lastIndexOf(bracket);
      if (index === -1) extra++;
      else extra += open.splice(index).length - 1;
    }
  }
  return extra + open.length + state.regions.filter(({ close }) => close !== '\n').length;
}

const closerOf: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** The lines that end inside a string of one line, from the cursor's line to the first line that is below `rest`. */
function brokenStrings(prefix: string, after: string, languageId: string): number {
  const lineStart = prefix.lastIndexOf('\n') + 1;
  let { state } = scanCode(prefix.slice(0, lineStart), languageId);
  let broken = 0;
  for (const line of (prefix.slice(lineStart) + after).split('\n').slice(0, 12)) {
    // Without the blank, `'a` at the end could still become a character.
    const { regions } = scanCode(`${line} `, languageId, state).state;
    if (regions.some(({ rule }) => rule.isOneLine && !rule.isClosedOnLine)) broken++;
    state = scanCode(`${line}\n`, languageId, state).state;
  }
  return broken;
}

/** `text`, with all that it opens closed. To close a tag may open a script, which is closed then. */
function closed(text: string, languageId: string, from: LexerState, isOuter: boolean): string {
  const once = text + closersFor(text, languageId, from, isOuter);
  return once + closersFor(once, languageId, from, isOuter);
}

/**
 * What closes everything that `text` opens and does not close.
 * @param from where it begins
 * @param isOuter whether a bracket that closes none of the text's ends all that the text has opened
 */
function closersFor(text: string, languageId: string, from: LexerState, isOuter = false): string {
  const lengths = Array.from(
    { length: text.length + 1 },
    (_, end) => scanCode(text.slice(0, end), languageId, from).state.regions.length,
  );
  const open: { readonly at: number; readonly close: string }[] = [];
  // The blank decides whether a quote at the end opens a character.
  const { brackets, state } = scanCode(`${text} `, languageId, from);
  for (const { bracket, at } of brackets) {
    const close = closerOf[bracket];
    if (close !== undefined) open.push({ at, close });
    else {
      const at = open.findLastIndex(one => one.close === bracket);
      if (at !== -1 || isOuter) open.splice(Math.max(0, at));
    }
  }
  const kept = Math.min(...lengths);
  for (const [index, { close, kind, rule }] of state.regions.entries()) {
    // A regular expression that the user has begun is one only if it is closed.
    if ((index < kept && !rule.isClosedOnLine) || (kind === 'comment' && close === '\n')) continue;
    const at = lengths.findLastIndex(length => length <= index);
    open.push({ at, close: /\w{2}/.test(close) && kind === 'string' ? `\n${close}\n` : ` ${close}` });
  }
  const heredoc = scanCode(`${text}\n`, languageId, from).state.regions[from.regions.length];
  if (heredoc?.rule.isHeredoc) open.push({ at: text.length, close: `\n${heredoc.close}\n` });
  const lineBreak =
    state.regions.at(-1)?.close === '\n' && state.regions.length > from.regions.length ? '\n' : '';
  return (
    lineBreak +
    open
      .sort((a, b) => b.at - a.at)
      .map(({ close }) => close)
      .join('')
  );
}

const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function cutsCharacter(text: string, at: number): boolean {
  const from = Math.max(0, at - 40);
  const segments = characters.segment(text.slice(from, at + 40));
  return at < text.length && segments.containing(at - from)!.index !== at - from;
}

// ---- What the user does

interface Edit {
  readonly document: DocumentSnapshot;
  /** What the file has here. */
  readonly wanted: string;
  /** The file before the edit, if the rest of the line makes it whole again. */
  readonly original?: string;
}

const editsByKind: Readonly<Record<string, (file: File, random: Random) => Edit>> = {
  /** The user types a line of the file again. The editor closes brackets and quotes. */
  'types a line': (file, random) => {
    const at = pickLine(file, random);
    const line = file.lines[at]!;
    const typed = line.slice(0, pickColumn(line, random));
    const rest = autoClosed(typed, file, at, random);
    return {
      document: snapshot(file, file.lines.slice(0, at), typed, rest, file.lines.slice(at + 1)),
      wanted: [line.slice(typed.length), ...file.lines.slice(at + 1)].join('\n'),
      original: file.lines.join('\n'),
    };
  },
  /** The user types a line like another one below a line. */
  'adds a line': (file, random) => {
    const at = pickLine(file, random);
    // In a Vue file, script, template and style are languages of their own.
    const nearby = Math.min(file.lines.length - 1, at + random.below(6));
    const like = file.languageId === 'vue' ? nearby : pickLine(file, random);
    const line = file.lines[like]!;
    const blanks = /^\s*/.exec(file.lines[at]!)![0];
    const begun = line.trimStart().slice(0, pickColumn(line.trimStart(), random));
    const rest = autoClosed(begun, file, at + 1, random);
    return {
      document: snapshot(file, file.lines.slice(0, at + 1), blanks + begun, rest, file.lines.slice(at + 1)),
      wanted: [line.trimStart().slice(begun.length), ...file.lines.slice(like + 1)].join('\n'),
    };
  },
  /** The user goes into a line and deletes some characters; the rest of the line stays. */
  'changes a line': (file, random) => {
    const at = pickLine(file, random);
    const line = file.lines[at]!;
    const end = pickColumn(line, random);
    const begin = wholePart(line, Math.max(0, end - random.below(12)));
    const document = snapshot(
      file,
      file.lines.slice(0, at),
      line.slice(0, begin),
      line.slice(end),
      file.lines.slice(at + 1),
    );
    return { document, wanted: [line.slice(begin), ...file.lines.slice(at + 1)].join('\n') };
  },
  /** The user empties a pair of brackets or quotes. */
  'fills brackets': (file, random) => {
    const at = pickLine(file, random);
    const line = file.lines[at]!;
    const pairs = [...line.matchAll(/\([^()]*\)|\[[^[\]]*\]|\{[^{}]*\}|"[^"\\]*"|'[^'\\]*'/g)];
    if (pairs.length === 0) return editsByKind['types a line']!(file, random);
    const { 0: pair, index } = random.pick(pairs);
    const document = snapshot(
      file,
      file.lines.slice(0, at),
      line.slice(0, index + 1),
      line.slice(index + pair.length - 1),
      file.lines.slice(at + 1),
    );
    return {
      document,
      wanted: [line.slice(index + 1), ...file.lines.slice(at + 1)].join('\n'),
      original: file.lines.join('\n'),
    };
  },
  /** The user empties a block. */
  'fills a block': (file, random) => {
    const { lines } = file;
    const depths = lines.map(line => /^\s*/.exec(line)![0].length);
    const openers = depths.flatMap((depth, at) => (depths[at + 1]! > depth && lines[at] !== '' ? [at] : []));
    const at = random.pick(openers);
    const end = lines.findIndex((line, index) => index > at && line !== '' && depths[index]! <= depths[at]!);
    const below = end === -1 ? [] : lines.slice(end);
    const blanks = lines[at + 1]!.slice(0, depths[at + 1]);
    return {
      document: snapshot(file, lines.slice(0, at + 1), blanks, '', below),
      wanted: [lines[at + 1]!.trimStart(), ...lines.slice(at + 2)].join('\n'),
    };
  },
  /** The user types at the end of the file. */
  'writes the end': (file, random) => {
    const at = pickLine(file, random);
    const line = file.lines[at]!;
    const typed = line.slice(0, pickColumn(line, random));
    const rest = autoClosed(typed, file, at, random);
    return {
      document: snapshot(file, file.lines.slice(0, at), typed, rest, []),
      wanted: [line.slice(typed.length), ...file.lines.slice(at + 1)].join('\n'),
    };
  },
  /** The user types something else into a line. */
  'types anything': (file, random) => {
    const at = pickLine(file, random);
    const line = file.lines[at]!;
    const column = pickColumn(line, random);
    const typed = line.slice(0, column) + random.join(typedPieces, random.below(4));
    const rest = random.pick(['', '', ')', '"', '});', line.slice(column)]);
    return {
      document: snapshot(file, file.lines.slice(0, at), typed, rest, file.lines.slice(at + 1)),
      wanted: [line.slice(column), ...file.lines.slice(at + 1)].join('\n'),
    };
  },
};

function snapshot(
  { name, languageId }: File,
  above: readonly string[],
  left: string,
  right: string,
  below: readonly string[],
): DocumentSnapshot {
  const prefix = [...above, left].join('\n');
  const suffix = [right, ...below].join('\n');
  return { uri: `file:///project/${name}`, path: name, languageId, prefix, prefixOffset: 0, suffix };
}

function pickLine({ lines }: File, random: Random): number {
  for (;;) {
    const at = random.below(lines.length);
    if (lines[at] !== '') return at;
  }
}

/** Users look at suggestions where a word begins or ends. */
function pickColumn(line: string, random: Random): number {
  const column = wholePart(line, random.below(line.length + 1));
  return random.below(3) === 0 ? column : column + (nextWord(line, column) ?? '').length;
}

/** @returns a place up to `end` at which a character begins, as a reader sees characters */
function wholePart(text: string, end: number): number {
  return end >= text.length ? text.length : characters.segment(text).containing(end)!.index;
}

/** What VS Code has closed right of the cursor, if it closes brackets and quotes. */
function autoClosed(typed: string, file: File, at: number, random: Random): string {
  if (random.below(4) === 0) return '';
  const { state } = scanCode(
    file.lines
      .slice(0, at)
      .map(line => `${line}\n`)
      .join(''),
    file.languageId,
  );
  return /[([{]|["'`]/.test(typed)
    ? closersFor(typed, file.languageId, state).replaceAll(/\n.*\n|[ /]|<.*?>/g, '')
    : '';
}

// ---- What a model says

const suggestions: Readonly<Record<string, (wanted: string, file: File, random: Random) => string>> = {
  'the rest of the line': wanted => firstLines(wanted, 1),
  'the next lines': (wanted, _, random) => firstLines(wanted, 2 + random.below(6)),
  'one closer too many': (wanted, _, random) =>
    firstLines(wanted, 1) + random.join(closers, 1 + random.below(2)),
  'another place': (_, { lines }, random) => {
    const line = random.below(lines.length);
    const text = lines.slice(line, line + 1 + random.below(3)).join('\n');
    return text.slice(wholePart(text, random.below(lines[line]!.length + 1)));
  },
  'half a character': (wanted, _, random) => {
    const line = firstLines(wanted, 1);
    const text = line.slice(0, wholePart(line, random.below(line.length + 1))) + random.pick(wide);
    return text.slice(0, text.length - random.below(4));
  },
  'a mark of training': (wanted, { lines }, random) => {
    const line = firstLines(wanted, 1);
    return (
      line.slice(0, wholePart(line, random.below(line.length + 1))) + random.pick(marks) + random.pick(lines)
    );
  },
  'a loop': (wanted, { lines }, random) => {
    const round = random.pick([
      firstLines(wanted, 1),
      `\n${random.pick(lines)}`,
      random.pick(closers),
      'a, ',
    ]);
    return round.repeat(3 + random.below(8));
  },
  noise: (_, __, random) => random.join(pieces, 1 + random.below(12)),
};

function firstLines(text: string, count: number): string {
  return text.split('\n').slice(0, count).join('\n');
}

/** The judge shows any number of words of the first line. */
function cutAsJudged(text: string, random: Random): string {
  let end = 0;
  for (let words = 1 + random.below(10); words > 0 && end < text.length; words--)
    end += nextWord(text, end).length;
  return text.slice(0, end);
}

const closers = [
  ')',
  ']',
  '}',
  '"',
  "'",
  '`',
  ';',
  ');',
  '});',
  '>',
  ',',
  '/>',
  '\n}',
  '\n})',
  '\nend',
  '\nfi',
  '\n</div>',
];
const wide = ['👩‍👩‍👧', '👩🏽‍💻', 'नमस्ते', 'e\u0301', '한글', '🇳🇱', '❤️', '\u1100\u1161\u11a8'];
const marks = ['<|cursor|>', '<|fim_pad|>', '<｜fim▁hole｜>', '<PRE>', '</s>', '[SUFFIX]', '<|endoftext|>'];
const words = ['foo', 'a', 'return', 'value', 'x1', '42', 'end', 'then', 'do', '# note', '// note'];
const typedPieces = [
  ...words,
  ...wide,
  ')',
  ']',
  '}',
  '"',
  "'",
  '(',
  '[',
  '{',
  ';',
  ',',
  ' ',
  ' = ',
  '.',
  '\n',
];
const pieces = [...typedPieces, ...closers, '${', '#{', '<div>', '\n  ', '\\', '/'];
