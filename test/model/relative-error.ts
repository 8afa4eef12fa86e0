/** Root mean square of `values - reference`, as a share of the reference's own. */
export function relativeError(values: ArrayLike<number>, reference: ArrayLike<number>): number {
  if (values.length !== reference.length)
    throw new RangeError(`${values.length} != ${reference.length} values`);
  let error = 0;
  let power = 0;
  for (let i = 0; i < reference.length; i++) {
    error += (values[i]! - reference[i]!) ** 2;
    power += reference[i]! ** 2;
  }
  return Math.sqrt(error / power);
}
