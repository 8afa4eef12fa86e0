/**
 * How many tokens of a prompt are run at once. A run cannot be interrupted, so a newer keystroke waits for the one that
 * is under way: few enough that it waits no longer than a frame or so, many enough that the products stay efficient.
 *
 * From the model's sizes and not from a measured run: another length rounds the sums in another order, and a close call
 * would then fall the other way on a busy day (docs/log.md, 2026-11-22).
 */

/** An abort should be heard within 15 ms (issue 5): a run takes about 12 at 50 G multiplications a second. */
const multiplicationsPerRun = 640e6;
/** Below 8 the products are hardly faster together than one by one; above 64 little is gained. */
const lengths = [8, 16, 32, 64] as const;

export function chunkLengthFor({
  layers,
  width,
}: {
  readonly layers: number;
  readonly width: number;
}): number {
  // Attention has about 4 width^2 weights a layer, the feed-forward block 8 (Kaplan et al., arXiv 2001.08361).
  const weights = 12 * layers * width * width;
  return lengths.findLast(length => length * weights <= multiplicationsPerRun) ?? lengths[0];
}
