import { Tensor } from 'onnxruntime-node';

/** Ids, places and positions are whole numbers here and 64-bit integers in every graph. */
export function int64Tensor(values: readonly number[], dims: readonly number[]): Tensor {
  return new Tensor('int64', BigInt64Array.from(values, BigInt), dims);
}
