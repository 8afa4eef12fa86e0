import { followingLines, linePrefix } from '../../document/document-snapshot';
import type { Filter } from './filter';

/**
 * Cuts the suggestion where it begins to write what already stands below: the model has run into the suffix.
 *
 *     a = 1█          suggestion "\nb = 2\nc = 3" above an existing "b = 2"  ->  nothing
 */
export const cutRepeatedFollowingLines: Filter = (text, document) => {
  const below = followingLines(document)
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '');
  const first = below[0];
  // A lone bracket may well close two blocks in a row.
  if (first === undefined || !/\w/.test(first)) return text;
  const lines = text.split('\n');
  const start = linePrefix(document);
  const repeated = lines.findIndex(
    (line, index) => line.trim() !== '' && (index === 0 ? start + line : line).trim() === first,
  );
  return repeated === -1 ? text : lines.slice(0, repeated).join('\n');
};
