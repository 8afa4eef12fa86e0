import { type DocumentSnapshot, linePrefix } from '../../document/document-snapshot';
import type { TextFilter } from './filter';

/**
 * Indents a suggestion's lines as the document does: with tabs where it has tabs, with as many spaces where it has
 * spaces. What the document leaves open stays as the model wrote it.
 */
export const useDocumentIndentation: TextFilter = (text, document) => {
  const above = linePrefix(document);
  const lines = text.split('\n');
  // The first line goes on at the cursor, so it is indented only where nothing is before it.
  const first = above.trim() === '' ? 0 : 1;
  const other = kindOf(lines.slice(first));
  if (other === undefined) return text;
  const documentLines = linesOf(document);
  const kind = kindOf(documentLines);
  if (kind === undefined || kind === other) return text;
  const from = other === 'tabs' ? '\t' : ' '.repeat(stepOfSuggestion(lines, above));
  const to = kind === 'tabs' ? '\t' : ' '.repeat(commonRise(documentLines) ?? fewest(documentLines));
  return lines.map((line, index) => (index < first ? line : reindent(line, from, to))).join('\n');
};

function linesOf({ prefix, suffix }: DocumentSnapshot): readonly string[] {
  return [...prefix.split('\n'), ...suffix.split('\n').slice(1)];
}

/** What lines are indented by; undefined where none is, or lines disagree. */
function kindOf(lines: readonly string[]): 'tabs' | 'spaces' | undefined {
  const tabs = lines.filter(line => line.startsWith('\t')).length;
  const spaces = lines.filter(line => spacesOf(line) !== undefined).length;
  if (tabs === spaces) return undefined;
  return tabs > spaces ? 'tabs' : 'spaces';
}

/** Spaces that a line is indented by, if it is. One alone is the ` *` of a comment. */
function spacesOf(line: string): number | undefined {
  return /^ {2,}(?=\S)/.exec(line)?.[0].length;
}

/** More is an alignment with something in the line above. */
const longestStep = 8;

/** The spaces by which a line is indented more than the one above it, as most are; of two equally many, the fewer. */
function commonRise(lines: readonly string[]): number | undefined {
  const counts = new Map<number, number>();
  let above: number | undefined;
  for (const line of lines) {
    if (line.trim() === '' || /^ +\*/.test(line)) continue;
    const width = line.startsWith('\t') ? undefined : (spacesOf(line) ?? 0);
    const rise = width === undefined || above === undefined ? 0 : width - above;
    if (rise >= 2 && rise <= longestStep) counts.set(rise, (counts.get(rise) ?? 0) + 1);
    above = width;
  }
  const [best] = [...counts].sort(([a, many], [b, more]) => more - many || a - b);
  return best?.[0];
}

function fewest(lines: readonly string[]): number {
  return Math.min(longestStep, ...lines.map(line => spacesOf(line) ?? longestStep));
}

/**
 * Where no line of a suggestion is indented more than the one above, the cursor's own line says how deep the first below
 * it is: as deep, one deeper behind an opener, one less deep if it closes a block.
 * @param above the cursor's line up to the cursor, in tabs
 */
function stepOfSuggestion(lines: readonly string[], above: string): number {
  // What goes on behind something says nothing by the spaces that it begins with.
  const whole = above === '' ? lines : lines.slice(1);
  const rise = commonRise(whole);
  if (rise !== undefined) return rise;
  const line = whole.find(one => spacesOf(one) !== undefined);
  if (line === undefined) return fewest(lines);
  const depth = /^\t*/.exec(above)![0].length;
  const opened = /[([{:]\s*$/.test(above + lines[0]) ? 1 : 0;
  const closed = /^ *([)\]}]|end\b)/.test(line) ? 1 : 0;
  const steps = [depth + opened - closed, depth, depth - 1, depth + 1].map(one => spacesOf(line)! / one);
  return steps.find(step => usualSteps.has(step)) ?? fewest(whole);
}

const usualSteps: ReadonlySet<number> = new Set([2, 4, 8]);

function reindent(line: string, from: string, to: string): string {
  const blank = /^[ \t]*/.exec(line)![0];
  return blank.replaceAll(from, to) + line.slice(blank.length);
}
