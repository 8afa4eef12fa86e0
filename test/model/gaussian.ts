import { createRandom } from '../random';

/** `count` numbers of a normal distribution around 0, the same at each call with the same seed. */
export function gaussian(count: number, { deviation = 1, seed = 1 } = {}): Float32Array {
  const random = createRandom(seed);
  /** Within (0, 1). */
  const uniform = () => (random.below(2 ** 30) + 0.5) / 2 ** 30;
  return Float32Array.from({ length: count }, () => {
    // Box and Muller: two uniform numbers make a normal one.
    const radius = Math.sqrt(-2 * Math.log(uniform()));
    return deviation * radius * Math.cos(2 * Math.PI * uniform());
  });
}
