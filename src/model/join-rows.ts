/**
 * Puts matrices with the same input under each other, so that one product replaces several. A call of an operator costs
 * as much as thousands of weights, and the input is rounded only once (docs/log.md, "Where a token's time
 * goes").
 */
import type { MatrixBlocks } from '../checkpoint/ggml-blocks';

/** @returns undefined if the matrices are not stored alike and need a product each */
export function joinRows(matrices: readonly MatrixBlocks[]): MatrixBlocks | undefined {
  const [first, ...others] = matrices;
  if (first === undefined || !others.every(other => isLike(first, other))) return undefined;
  const { bits, blockSize, columns } = first;
  return {
    bits,
    blockSize,
    columns,
    rows: matrices.reduce((sum, { rows }) => sum + rows, 0),
    packed: join(
      matrices.map(({ packed }) => packed),
      length => new Uint8Array(length),
    ),
    scales: joinFloats(matrices.map(({ scales }) => scales)),
    ...(first.offsets && { offsets: joinFloats(matrices.map(({ offsets }) => offsets!)) }),
  };
}

function isLike(a: MatrixBlocks, b: MatrixBlocks): boolean {
  return (
    a.bits === b.bits &&
    a.blockSize === b.blockSize &&
    a.columns === b.columns &&
    (a.offsets === undefined) === (b.offsets === undefined)
  );
}

export function joinFloats(parts: readonly Float32Array[]): Float32Array {
  return join(parts, length => new Float32Array(length));
}

function join<Part extends Float32Array | Uint8Array>(
  parts: readonly Part[],
  create: (length: number) => Part,
): Part {
  const joined = create(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
