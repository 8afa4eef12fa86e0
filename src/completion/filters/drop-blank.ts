import type { Filter } from './filter';

/** Nothing to show. */
export const dropBlank: Filter = text => (text.trim() === '' ? undefined : text);
