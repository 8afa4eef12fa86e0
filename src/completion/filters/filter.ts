import type { DocumentSnapshot } from '../../document/document-snapshot';

/** One reason to change a suggestion or, with `undefined`, not to show it. */
export type Filter = (text: string, document: DocumentSnapshot) => string | undefined;
