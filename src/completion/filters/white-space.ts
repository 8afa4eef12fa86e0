/** Filters for white space and line ends. */
import { type DocumentSnapshot, linePrefix, toLineFeeds } from '../../document/document-snapshot';
import { endsInOpener } from '../../document/words';
import type { TextFilter } from './filter';

/** Lines end in `\n`, as in the snapshot. VS Code writes the document's own line ends when it inserts. */
export const normaliseLineEnds: TextFilter = toLineFeeds;

/**
 * Drops the space that a suggestion begins with if there is one before the cursor. Most words of a vocabulary begin with
 * a space, so a model tends to write a second one.
 */
export const dropDoubledSpace: TextFilter = (text, document) => {
  const before = linePrefix(document);
  return before.trim() !== '' && before.endsWith(' ') ? text.replace(/^ +(?=\S)/, '') : text;
};

/** White space at the end is never worth accepting. */
export const trimTrailingSpace: TextFilter = text => text.trimEnd();

export const dropBlank: TextFilter = text => (text.trim() === '' ? undefined : text);

/**
 * Indents a suggestion as the document is indented: with tabs, or with the document's number of spaces. If the document
 * has neither or both alike, the suggestion stays as the model wrote it.
 */
export const useDocumentIndentation: TextFilter = (text, document) => {
  const above = linePrefix(document);
  const lines = text.split('\n');
  // The first line begins at the cursor, so it has an indentation only if nothing stands before the cursor.
  const first = above.trim() === '' ? 0 : 1;
  const other = kindOf(lines.slice(first));
  if (other === undefined) return text;
  const documentLines = linesOf(document);
  const kind = kindOf(documentLines);
  if (kind === undefined || kind === other) return text;
  const from = other === 'tabs' ? '\t' : ' '.repeat(stepOfSuggestion(lines, above));
  const to = kind === 'tabs' ? '\t' : ' '.repeat(commonRise(documentLines) ?? minSpaces(documentLines));
  return lines.map((line, index) => (index < first ? line : reindent(line, from, to))).join('\n');
};

function linesOf({ prefix, suffix }: DocumentSnapshot): readonly string[] {
  return [...prefix.split('\n'), ...suffix.split('\n').slice(1)];
}

/** How most of the lines are indented; undefined if none is, or if tabs and spaces are equally frequent. */
function kindOf(lines: readonly string[]): 'tabs' | 'spaces' | undefined {
  const tabs = lines.filter(line => line.startsWith('\t')).length;
  const spaces = lines.filter(line => spacesOf(line) !== undefined).length;
  if (tabs === spaces) return undefined;
  return tabs > spaces ? 'tabs' : 'spaces';
}

/** The number of spaces at the beginning of a line. A single space is the ` *` of a comment and does not count. */
function spacesOf(line: string): number | undefined {
  return /^ {2,}(?=\S)/.exec(line)?.[0].length;
}

/** More spaces are an alignment with something in the line above. */
const maxStep = 8;

/** @returns how many spaces a line is most often indented more than the line above it; the smaller number among equals */
function commonRise(lines: readonly string[]): number | undefined {
  const counts = new Map<number, number>();
  let above: number | undefined;
  for (const line of lines) {
    if (line.trim() === '' || /^ +\*/.test(line)) continue;
    const width = line.startsWith('\t') ? undefined : (spacesOf(line) ?? 0);
    const rise = width === undefined || above === undefined ? 0 : width - above;
    if (rise >= 2 && rise <= maxStep) counts.set(rise, (counts.get(rise) ?? 0) + 1);
    above = width;
  }
  const [best] = [...counts].sort(([a, many], [b, more]) => more - many || a - b);
  return best?.[0];
}

function minSpaces(lines: readonly string[]): number {
  return Math.min(maxStep, ...lines.map(line => spacesOf(line) ?? maxStep));
}

/**
 * The spaces of one step in a suggestion. If no line is indented more than the line above it, the depth of the cursor's
 * line decides. The next line is as deep, one step deeper after an opening bracket, or one step less deep if it closes a
 * block.
 * @param above the cursor's line up to the cursor, indented with tabs
 */
function stepOfSuggestion(lines: readonly string[], above: string): number {
  // If the first line continues a line, its leading spaces are not an indentation.
  const whole = above === '' ? lines : lines.slice(1);
  const rise = commonRise(whole);
  if (rise !== undefined) return rise;
  const line = whole.find(one => spacesOf(one) !== undefined);
  if (line === undefined) return minSpaces(lines);
  const depth = /^\t*/.exec(above)![0].length;
  const opened = endsInOpener(above + lines[0]) ? 1 : 0;
  const closed = /^ *([)\]}]|end\b)/.test(line) ? 1 : 0;
  const steps = [depth + opened - closed, depth, depth - 1, depth + 1].map(one => spacesOf(line)! / one);
  return steps.find(step => usualSteps.has(step)) ?? minSpaces(whole);
}

const usualSteps: ReadonlySet<number> = new Set([2, 4, 8]);

function reindent(line: string, from: string, to: string): string {
  const blank = /^[ \t]*/.exec(line)![0];
  return blank.replaceAll(from, to) + line.slice(blank.length);
}
