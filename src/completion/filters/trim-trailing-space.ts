import type { Filter } from './filter';

/** White space at the end is never worth accepting. */
export const trimTrailingSpace: Filter = text => text.trimEnd();
