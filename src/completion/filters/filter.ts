import type { DocumentSnapshot } from '../../document/document-snapshot';

/** A change to the document at the cursor. */
export interface Insertion {
  readonly text: string;
  /** Characters right of the cursor that `text` replaces. */
  readonly replaceAfter: number;
}

/** One reason to change a suggestion, or to drop it. */
export interface Filter {
  readonly name: string;
  /** @returns undefined if nothing is left to insert */
  readonly apply: (insertion: Insertion, document: DocumentSnapshot) => Insertion | undefined;
}

/** A filter that changes only the text. It returns undefined to drop the suggestion. */
export type TextFilter = (text: string, document: DocumentSnapshot) => string | undefined;

/** The text before and after a filter; `after` is undefined if the filter left nothing. */
export interface FilterVerdict {
  readonly filter: string;
  readonly before: string;
  readonly after: string | undefined;
}
