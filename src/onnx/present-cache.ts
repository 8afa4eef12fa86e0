/**
 * The cache of a ready-made export: its `present` tensors as they came, fed back as the `past` of the next run.
 * Nothing is converted; only going back to a shared beginning copies, because `[1, kvHeads, past, headDim]` has the
 * tokens inside of the heads.
 */
import type { DecoderSizes } from '../generation/decoder';
import { commonPrefixLength, requireRoom, type TokenCache } from '../generation/kv-cache';
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

  constructor({ contextLength, layers, kvHeads, headDim }: DecoderSizes, type: FloatType) {
    this.capacity = contextLength;
    this.tensors = Array.from({ length: 2 * layers }, () =>
      floatTensor(floatArray(type, 0), [1, kvHeads, 0, headDim]),
    );
  }

  get length(): number {
    return this.ids.length;
  }

  /** Key of layer 0, its value, key of layer 1 and so on. */
  get past(): readonly FloatTensor[] {
    return this.tensors;
  }

  /**
   * Takes over what a run over `ids` returned.
   * @param present in the order of `past`, the rows of `ids` behind those of before
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
