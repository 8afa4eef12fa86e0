/** Park and Miller's minimal generator: enough to scatter cursors, and the same everywhere. @param seed not 0 */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
