/** Logistic regression by Newton's method, for a few features. Knows nothing of their meaning. */

export interface Example {
  readonly features: readonly number[];
  readonly isTrue: boolean;
}

/** Keeps weights finite where one feature decides alone. Beside thousands of examples it changes almost nothing. */
const ridge = 1;
/** Newton's method converges quadratically: after these steps, the error is far below the digits that are printed. */
const steps = 15;

/** @returns a weight for each feature; the weighted sum is the log odds that an example is true */
export function fitLogistic(examples: readonly Example[]): number[] {
  const size = examples[0]?.features.length ?? 0;
  let weights = Array.from({ length: size }, () => 0);
  for (let step = 0; step < steps; step++) {
    const gradient = weights.map(weight => -ridge * weight);
    const hessian = weights.map((_, row) => weights.map((_, column) => (row === column ? ridge : 0)));
    for (const { features, isTrue } of examples) {
      const p = probabilityOf(features, weights);
      for (const [row, feature] of features.entries()) {
        gradient[row]! += ((isTrue ? 1 : 0) - p) * feature;
        for (let column = 0; column <= row; column++)
          hessian[row]![column]! += p * (1 - p) * feature * features[column]!;
      }
    }
    for (let row = 0; row < size; row++)
      for (let column = row + 1; column < size; column++) hessian[row]![column] = hessian[column]![row]!;
    const change = solve(hessian, gradient);
    weights = weights.map((weight, index) => weight + change[index]!);
  }
  return weights;
}

export function probabilityOf(features: readonly number[], weights: readonly number[]): number {
  return 1 / (1 + Math.exp(-features.reduce((sum, feature, index) => sum + feature * weights[index]!, 0)));
}

/** The mean negative log likelihood, in nats. */
export function lossOf(examples: readonly Example[], weights: readonly number[]): number {
  const losses = examples.map(({ features, isTrue }) => {
    const p = probabilityOf(features, weights);
    return -Math.log(isTrue ? p : 1 - p);
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

/** Gauss-Jordan elimination. The matrix is positive definite, so no pivot is zero. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, index) => [...row, right[index]!]);
  for (const [index, pivot] of rows.entries())
    for (const [other, row] of rows.entries()) {
      if (other === index) continue;
      const factor = row[index]! / pivot[index]!;
      for (let column = index; column < row.length; column++) row[column]! -= factor * pivot[column]!;
    }
  return rows.map((row, index) => row.at(-1)! / row[index]!);
}
