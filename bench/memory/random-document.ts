/** Somewhere in one of our own files, as a document with the cursor at the end of a word or the like. */
import { snapshotOf } from '../../src/cli/place';
import type { DocumentSnapshot } from '../../src/document/document-snapshot';
import type { Random } from '../../test/random';
import type { Source } from '../own-sources';

/** @returns a place in the last three quarters of the file, and the `characters` that the file has there */
export function documentIn(
  { path, text }: Source,
  random: Random,
  characters: number,
): { readonly document: DocumentSnapshot; readonly next: string } {
  const first = Math.floor(text.length / 4);
  const at = first + random.below(Math.max(1, text.length - first - characters));
  const lineEnd = text.indexOf('\n', at + characters);
  const suffix = lineEnd === -1 ? '' : text.slice(lineEnd);
  return { document: snapshotOf(path, text.slice(0, at), suffix), next: text.slice(at, at + characters) };
}
