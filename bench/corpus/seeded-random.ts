/**
 * Park and Miller's minimal generator (Communications of the ACM 31, 1988). It stays apart from
 * `src/common/seeded-random.ts`, because it decides which stretches `bench:quality` picks. With another generator, new
 * figures could not be compared with those of earlier runs.
 * @param seed not 0
 * @returns a function that gives the next number, above 0 and below 1
 */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
