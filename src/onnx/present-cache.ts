/**
 * The KV cache of a ready-made export: the `present` tensors of one run are the `past` of the next. They are not
 * converted. Only a way back to a shared beginning copies them, because in `[1, kvHeads, past, headDim]` the rows to
 * keep are not one piece of memory.
 */
import { type CacheSizes, commonPrefixLength, requireRoom, type TokenCache } from '../generation/kv-cache';
import {
  asInput,
  elementsOf,
  type FloatTensor,
  type FloatType,
  floatArray,
  floatTensor,
} from './onnx-runtime';

export class PresentCache implements TokenCache {
  readonly capacity: number;
  private readonly ids: number[] = [];
  /** Keys and values of each layer, `[1, kvHeads, length, headDim]`. */
  private tensors: readonly FloatTensor[];

  constructor({ contextLength, layers, kvHeads, headDim }: CacheSizes, type: FloatType) {
    this.capacity = contextLength;
    this.tensors = Array.from({ length: 2 * layers }, () =>
      floatTensor(floatArray(type, 0), [1, kvHeads, 0, headDim]),
    );
  }

  get length(): number {
    return this.ids.length;
  }

  /** Key and value of layer 0, then of layer 1, and so on. */
  get past(): readonly FloatTensor[] {
    return this.tensors;
  }

  /**
   * Takes over the tensors that a run over `ids` returned.
   * @param present in the order of `past`, each with the rows of `ids` behind the earlier rows
   * @throws RangeError if they do not fit
   */
  replace(ids: readonly number[], present: readonly FloatTensor[]): void {
    requireRoom(this, ids.length);
    this.tensors = present.map(asInput);
    this.ids.push(...ids);
  }

  commonPrefix(ids: readonly number[]): number {
    return commonPrefixLength(this.ids, ids);
  }

  rewind(length: number): void {
    if (length >= this.length) return;
    this.tensors = this.tensors.map(tensor => firstRows(tensor, length));
    this.ids.length = length;
  }
}

/** `[1, kvHeads, past, headDim]` to `[1, kvHeads, rows, headDim]`. */
function firstRows(tensor: FloatTensor, rows: number): FloatTensor {
  const [, kvHeads = 0, past = 0, headDim = 0] = tensor.dims;
  const from = elementsOf(tensor);
  const to = floatArray(tensor.type, kvHeads * rows * headDim);
  for (let head = 0; head < kvHeads; head++) {
    const start = head * past * headDim;
    to.set(from.subarray(start, start + rows * headDim), head * rows * headDim);
  }
  return floatTensor(to, [1, kvHeads, rows, headDim]);
}
