/**
 * Which held-out repositories constants are fitted on. No figure is reported of them: `bench:quality` leaves them out,
 * and `fit:sources` leaves out all others.
 */
import type { SourceText } from './source-texts';

/** Go, TypeScript with JavaScript, and Python; both sides have the last three. */
const repositories = ['cli/cli', 'cornerstonejs/cornerstone3D', 'Rapptz/discord.py'];

/** A text of no known repository is not. */
export function isForTuning({ repository }: SourceText): boolean {
  return repository !== undefined && repositories.includes(repository);
}
