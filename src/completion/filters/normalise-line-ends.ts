import type { Filter } from './filter';

/** Lines end in `\n`, as in the snapshot; VS Code writes the document's own line ends when it inserts. */
export const normaliseLineEnds: Filter = text => text.replaceAll('\r\n', '\n');
