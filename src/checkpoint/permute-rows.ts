/** The orders in which llama.cpp's converter writes the rows of some matrices, and the way back. */

/** From a row of Hugging Face's matrix to the same row of the file's. @param rows of the whole matrix */
export type RowOrder = (row: number, rows: number) => number;

/**
 * Rotary positions turn pairs of a head's numbers. Hugging Face pairs `i` with `i + headDim / 2` (halves), ggml's
 * `llama` pairs neighbours, so the converter moved the rows of queries and keys.
 */
export function neighboursToHalves(heads: number): RowOrder {
  return (row, rows) => {
    const headDim = rows / heads;
    const within = row % headDim;
    const half = headDim / 2;
    return row - within + 2 * (within % half) + Math.floor(within / half);
  };
}

/**
 * GPT-NeoX joins queries, keys and values. Hugging Face has a head's three parts together, the file all queries, then
 * all keys, then all values.
 */
export function headsToParts(heads: number): RowOrder {
  return (row, rows) => {
    const headDim = rows / heads / 3;
    const part = Math.floor(row / headDim);
    return ((part % 3) * heads + Math.floor(part / 3)) * headDim + (row % headDim);
  };
}

/** @param data `rows` rows of any length, one after another */
export function permuteRows<T extends Float32Array | Uint8Array>(data: T, rows: number, order: RowOrder): T {
  const length = data.length / rows;
  const permuted = data.slice();
  for (let row = 0; row < rows; row++) {
    const from = order(row, rows) * length;
    permuted.set(data.subarray(from, from + length), row * length);
  }
  return permuted as T;
}
