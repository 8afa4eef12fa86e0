/**
 * The keys and values of every token the model has seen, so that a token is computed once.
 *
 * One preallocated array a layer for keys and one for values, `[capacity + 1, kvHeads, headDim]`. Row 0 stays
 * blank and is masked (`src/onnx/attention-mask.ts`); token `i` lies in row `i + 1`. A model reads the
 * rows in place through `subarray`, and going back to a shared beginning is only a smaller length.
 */
import type { DecoderSizes } from './decoder';
import { commonPrefixLength, requireRoom, type TokenCache } from './token-cache';

/** Floats, or half floats as their sixteen bits: the cache moves numbers and computes with none. */
export type Rows = Float32Array | Uint16Array;

export interface LayerRows {
  readonly key: Rows;
  readonly value: Rows;
}

export class KvCache implements TokenCache {
  readonly capacity: number;
  private readonly ids: number[] = [];
  private readonly layers: readonly LayerRows[];
  private readonly rowLength: number;

  /** @param Numbers what a row is made of */
  constructor(sizes: DecoderSizes, Numbers: Float32ArrayConstructor | Uint16ArrayConstructor = Float32Array) {
    this.capacity = sizes.contextLength;
    this.rowLength = sizes.kvHeads * sizes.headDim;
    const elements = (this.capacity + 1) * this.rowLength;
    this.layers = Array.from({ length: sizes.layers }, () => ({
      key: new Numbers(elements),
      value: new Numbers(elements),
    }));
  }

  get length(): number {
    return this.ids.length;
  }

  /** The cached rows of a layer with the blank one in front, `[length + 1, kvHeads, headDim]`, not copied. */
  past(layer: number): LayerRows {
    const { key, value } = this.layers[layer]!;
    const end = (this.length + 1) * this.rowLength;
    return { key: key.subarray(0, end), value: value.subarray(0, end) };
  }

  /**
   * Adds the rows of newly run tokens.
   * @param rows of one layer: `[ids.length, kvHeads, headDim]` each
   * @throws RangeError if they do not fit
   */
  append(ids: readonly number[], rows: (layer: number) => LayerRows): void {
    requireRoom(this, ids.length);
    const at = (this.length + 1) * this.rowLength;
    for (const [layer, { key, value }] of this.layers.entries()) {
      const fresh = rows(layer);
      key.set(fresh.key, at);
      value.set(fresh.value, at);
    }
    this.ids.push(...ids);
  }

  commonPrefix(ids: readonly number[]): number {
    return commonPrefixLength(this.ids, ids);
  }

  rewind(length: number): void {
    this.ids.length = Math.min(this.ids.length, length);
  }
}
