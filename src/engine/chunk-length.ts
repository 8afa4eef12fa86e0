/**
 * How many tokens of a prompt are run at once. A run cannot be interrupted, so a newer keystroke waits for the one that
 * is under way: few enough that it waits no longer than a frame or so, many enough that the products stay efficient.
 */

/** An abort should be heard within 15 ms (issue 5); a run that takes 12 leaves room for a slow moment. */
const longestRunMs = 12;
/** Below 8 the products are hardly faster together than one by one; above 128 nothing is gained (docs/log.md). */
const lengths = [8, 16, 32, 64, 128] as const;

/** @param msPerToken of a run over many tokens, measured */
export function chunkLengthFor(msPerToken: number): number {
  return lengths.findLast(length => length * msPerToken <= longestRunMs) ?? lengths[0];
}
