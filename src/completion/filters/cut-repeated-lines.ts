/** Cuts a suggestion before it repeats a line above or below the cursor. */
import { followingLines, linePrefix } from '../../document/document-snapshot';
import type { TextFilter } from './filter';

/**
 * Cuts before a line that is the same as the next line below the cursor. There the model has reached the suffix.
 *
 *     a = 1█          suggestion "\nb = 2\nc = 3" above an existing "b = 2"  ->  nothing
 */
export const cutRepeatedFollowingLines: TextFilter = (text, document) => {
  const below = followingLines(document)
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '');
  const first = below[0];
  // A line that is only a closing bracket may come twice, at the ends of two blocks.
  if (first === undefined || !/\w/.test(first)) return text;
  const lines = text.split('\n');
  const start = linePrefix(document);
  const repeated = lines.findIndex(
    (line, index) => line.trim() !== '' && (index === 0 ? start + line : line).trim() === first,
  );
  return repeated === -1 ? text : lines.slice(0, repeated).join('\n');
};

/** Cuts before a line that repeats the line above it. Small models tend to loop. */
export const cutRepeatedLineAbove: TextFilter = (text, document) => {
  const lines = text.split('\n');
  let above = lastNonBlank(document.prefix.slice(0, document.prefix.lastIndexOf('\n') + 1).split('\n'));
  const start = document.prefix.slice(document.prefix.lastIndexOf('\n') + 1);
  for (const [index, line] of lines.entries()) {
    const whole = (index === 0 ? start + line : line).trim();
    if (line.trim() !== '' && /\w/.test(whole) && whole === above) return lines.slice(0, index).join('\n');
    if (whole !== '') above = whole;
  }
  return text;
};

function lastNonBlank(lines: readonly string[]): string | undefined {
  return lines
    .map(line => line.trim())
    .filter(line => line !== '')
    .at(-1);
}
