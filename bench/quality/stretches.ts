/**
 * The stretches of real files that are typed again, and the document around the cursor meanwhile.
 *
 * A stretch is taken out of its file and typed from its first non-blank character on. The text above and below it is
 * there, as when a person adds a line or fills a block. The editor closes brackets, as VS Code does: behind the cursor
 * is the closing bracket of each bracket that is open in this line. At a line break, these brackets are gone.
 */
import { snapshotOf } from '../../src/cli/command-line';
import type { DocumentSnapshot } from '../../src/document/document-snapshot';
import type { SourceText } from '../corpus/source-texts';

export interface Stretch {
  readonly source: SourceText;
  /** Offsets into the source's text, in characters: the first non-blank one, and behind the last. */
  readonly from: number;
  readonly to: number;
  /**
   * 'line': one line. 'block': all lines of an indented block, two or more. 'mid-line': some words within a line. The
   * rest of that line is right of the cursor.
   */
  readonly kind: 'line' | 'block' | 'mid-line';
}

/** Characters. Longer lines are minified code or data. Shorter lines have nothing to complete. */
const lineLength = { min: 4, max: 140 };
/** Lines of a block. A longer block makes a replay slow, and is more than a user looks at. */
const maxBlockLines = 6;
/** Words and signs of a 'mid-line' stretch. */
const maxInnerWords = 8;
/** The kinds take turns in this order. */
const kinds = ['line', 'line', 'block', 'mid-line'] as const;

/** Picks stretches at random places. Each file has its first turn before any file has a second. */
export function pickStretches(
  sources: readonly SourceText[],
  count: number,
  random: () => number,
): Stretch[] {
  const stretches: Stretch[] = [];
  const order = shuffled(sources, random);
  const taken = new Set<string>();
  for (let turn = 0; stretches.length < count && turn < count * 3; turn++) {
    const source = order[turn % order.length];
    if (source === undefined) break;
    const kind = kinds[turn % kinds.length]!;
    const found = (kind === 'block' ? blocksOf : linesOf)(source);
    const whole = found[Math.floor(random() * found.length)];
    const stretch = kind === 'mid-line' && whole !== undefined ? withinLine(whole, random) : whole;
    const key = `${source.path}:${stretch?.from}`;
    if (stretch === undefined || taken.has(key)) continue;
    taken.add(key);
    stretches.push(stretch);
  }
  return stretches;
}

/** Where the cursor stops: before each character, and at the end. A line break brings its indentation along. */
export function stopsOf({ source: { text }, from, to }: Stretch): number[] {
  const stops: number[] = [];
  for (let at = from; at < to; at += nextKey(text, at).length) stops.push(at);
  return [...stops, to];
}

/** The text that one key types at `at`. */
export function nextKey(text: string, at: number): string {
  return /\n[ \t]*|./suy.exec(text.slice(at))?.[0] ?? '';
}

/** The document with the cursor at `at`, when the stretch is typed up to there. */
export function documentAt(stretch: Stretch, at: number): DocumentSnapshot {
  const { path, text, languageId } = stretch.source;
  const suffix = closersAt(stretch, at) + text.slice(stretch.to);
  // Each stretch is a document of its own, so that their order does not matter.
  return { ...snapshotOf(path, text.slice(0, at), suffix), uri: `${path}#${stretch.from}`, languageId };
}

/** The brackets that the editor has closed right of the cursor. */
export function closersAt({ source: { text }, from }: Stretch, at: number): string {
  const line = text.slice(Math.max(from, text.lastIndexOf('\n', at - 1) + 1), at);
  let closers = '';
  let quote: string | undefined;
  for (const character of line) {
    if (quote !== undefined) quote = character === quote ? undefined : quote;
    else if ('"\'`'.includes(character)) quote = character;
    else if ('([{'.includes(character)) closers = ')]}'['([{'.indexOf(character)] + closers;
    else if (closers.startsWith(character)) closers = closers.slice(1);
  }
  return closers;
}

function linesOf(source: SourceText): Stretch[] {
  return readLines(source.text)
    .filter(({ from, to }) => to - from >= lineLength.min && to - from <= lineLength.max)
    .map(({ from, to }) => ({ source, from, to, kind: 'line' }));
}

/** Some words of a line, but not its first or last; undefined if the line has too few. */
function withinLine({ source, from, to }: Stretch, random: () => number): Stretch | undefined {
  const words = [...source.text.slice(from, to).matchAll(/[\p{L}\p{N}_$]+|[^\s\p{L}\p{N}_$]/gu)];
  const inner = words.slice(1, -1);
  const first = Math.floor(random() * inner.length);
  const last = inner[Math.min(inner.length - 1, first + Math.floor(random() * maxInnerWords))];
  if (last === undefined) return undefined;
  const [start, end] = [inner[first]!.index, last.index + last[0].length];
  return end - start < lineLength.min
    ? undefined
    : { source, from: from + start, to: from + end, kind: 'mid-line' };
}

/** The lines below a line that opens a block, as long as they are indented further. */
function blocksOf(source: SourceText): Stretch[] {
  const lines = readLines(source.text).filter(({ from, to }) => to > from);
  return lines.flatMap((opener, index): Stretch[] => {
    if (!/[{:]$/.test(source.text.slice(opener.from, opener.to))) return [];
    const end = lines.findIndex((line, at) => at > index && line.indentation <= opener.indentation);
    const block = lines.slice(index + 1, end === -1 ? undefined : end);
    const [first, last] = [block[0], block.at(-1)];
    if (first === undefined || last === undefined || block.length < 2 || block.length > maxBlockLines)
      return [];
    if (block.some(({ from, to }) => to - from > lineLength.max)) return [];
    return [{ source, from: first.from, to: last.to, kind: 'block' }];
  });
}

function readLines(text: string) {
  let start = 0;
  return text.split('\n').map(line => {
    const indentation = line.length - line.trimStart().length;
    const found = { from: start + indentation, to: start + line.trimEnd().length, indentation };
    start += line.length + 1;
    return found;
  });
}

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map(item => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
