/** Filters for white space and line ends. */
import { linePrefix } from '../../document/document-snapshot';
import type { TextFilter } from './filter';

/** Lines end in `\n`, as in the snapshot. VS Code writes the document's own line ends when it inserts. */
export const normaliseLineEnds: TextFilter = text => text.replaceAll('\r\n', '\n');

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
