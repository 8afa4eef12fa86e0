/**
 * A small generator of numbers that look random: mulberry32, by Tommy Ettinger.
 * @param seed a 32-bit integer; the same seed gives the same numbers on every machine
 * @returns a function whose calls give numbers from 0 up to, but not including, 1
 */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
