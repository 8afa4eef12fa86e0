import { linePrefix } from '../../document/document-snapshot';
import type { Filter } from './filter';

/**
 * Drops the space a suggestion begins with where there is one before the cursor: a vocabulary's words begin with a
 * space, so after one a model is tempted to write another.
 */
export const dropDoubledSpace: Filter = (text, document) => {
  const before = linePrefix(document);
  return before.trim() !== '' && before.endsWith(' ') ? text.replace(/^ +(?=\S)/, '') : text;
};
