import { type DocumentSnapshot, linePrefix } from '../context/document-snapshot';
import type { Filter } from './filter';

/**
 * Indents a suggestion's lines as the document does: with tabs where it has tabs, with as many spaces where it has
 * spaces. What the document leaves open stays as the model wrote it.
 */
export const useDocumentIndentation: Filter = (text, document) => {
  const unit = unitOf(indentations(document));
  const lines = text.split('\n');
  // The first line goes on at the cursor, so it is indented only where nothing is before it.
  const first = linePrefix(document).trim() === '' ? 0 : 1;
  const other = unitOf(lines.slice(first));
  if (unit === undefined || other === undefined || (unit === '\t') === (other === '\t')) return text;
  return lines.map((line, index) => (index < first ? line : reindent(line, other, unit))).join('\n');
};

function indentations({ prefix, suffix }: DocumentSnapshot): readonly string[] {
  return [...prefix.split('\n'), ...suffix.split('\n').slice(1)];
}

/** A tab, or the fewest spaces that a line is indented by; undefined where no line is, or lines disagree. */
function unitOf(lines: readonly string[]): string | undefined {
  let tabs = 0;
  let spaces = 0;
  let fewest = '        ';
  for (const line of lines) {
    if (line.startsWith('\t')) tabs++;
    // One space alone is the ` *` of a comment.
    const [blank] = /^ {2,}(?=\S)/.exec(line) ?? [];
    if (blank === undefined) continue;
    spaces++;
    if (blank.length < fewest.length) fewest = blank;
  }
  if (tabs === spaces) return undefined;
  return tabs > spaces ? '\t' : fewest;
}

function reindent(line: string, from: string, to: string): string {
  const blank = /^[ \t]*/.exec(line)![0];
  return blank.replaceAll(from, to) + line.slice(blank.length);
}
