/**
 * Runs a decoder graph of our own with ONNX Runtime. Only the engine's process loads this file, because a run is
 * synchronous and cannot be interrupted.
 */
import { Tensor } from 'onnxruntime-node';
import type { Decoder } from '../generation/decoder';
import { KvCache, type Rows } from '../generation/kv-cache';
import type { DecoderShape } from '../model/decoder-graph';
import { attentionMask, createOneTokenMask } from './attention-mask';
import { elementsOf, floatTensor, int64Tensor, isFloatTensor, openInferenceSession } from './onnx-runtime';

export interface OnnxDecoderOptions {
  /** Threads of one run. */
  readonly threads: number;
}

/**
 * @param path of `model.onnx`
 * @param shape of the model, with its context cut to the tokens that a cache should hold
 */
export async function openOnnxDecoder(
  path: string,
  shape: DecoderShape,
  options: OnnxDecoderOptions,
): Promise<Decoder> {
  const { run, createCache } = await openGraph(path, shape, options);
  return {
    sizes: shape,
    createCache,
    async run(ids, cache, wanted) {
      const { logits } = await run(ids, cache, wanted, ['logits']);
      return floats(logits!);
    },
    async runGreedy(ids, cache, wanted) {
      const { best, best_log_prob: logProbs } = await run(ids, cache, wanted, ['best', 'best_log_prob']);
      return wanted.map((_, row) => ({ id: Number(best!.data[row]), logProb: floats(logProbs!)[row]! }));
    },
  };
}

/** What each head looked at in a run on an empty KV cache. */
export interface AttentionRun {
  /** The logits, `[n, vocabulary]`. */
  readonly logits: Float32Array;
  /**
   * The attention weights of a head of queries, `[n, n]`: how much the token of the row looked at the token of the
   * column. Each row has the sum 1.
   */
  weights(layer: number, head: number): Float32Array;
}

/**
 * Opens a graph that was built with `showsAttention`.
 * @returns a function that runs all tokens of a text at once
 */
export async function openAttentionGraph(
  path: string,
  shape: DecoderShape,
  options: OnnxDecoderOptions,
): Promise<(ids: readonly number[]) => Promise<AttentionRun>> {
  const { run, createCache } = await openGraph(path, shape, options);
  const { layers, heads, kvHeads } = shape;
  const group = heads / kvHeads;
  const names = Array.from({ length: layers }, (_, layer) => `attention.${layer}`);
  return async ids => {
    const n = ids.length;
    // All places are wanted, because the last layer computes only those.
    const outputs = await run(ids, createCache(n), [...ids.keys()], ['logits', ...names]);
    return {
      logits: floats(outputs['logits']!),
      weights(layer, head) {
        const all = floats(outputs[names[layer]!]!);
        const [kvHead, inGroup] = [Math.floor(head / group), head % group];
        const own = new Float32Array(n * n);
        for (let token = 0; token < n; token++) {
          // A row has a column for the blank row of the cache, which is masked.
          const start = ((kvHead * n + token) * group + inGroup) * (n + 1) + 1;
          own.set(all.subarray(start, start + n), token * n);
        }
        return own;
      },
    };
  };
}

/** A graph as both open it: runs that append to a cache and return what they are asked for. */
async function openGraph(path: string, shape: DecoderShape, { threads }: OnnxDecoderOptions) {
  const session = await openInferenceSession(path, threads);
  const { layers, kvHeads, headDim } = shape;
  const holdsHalves = session.inputMetadata.some(input => input.isTensor && input.type === 'float16');
  const feedMasks = maskFeeds(session.inputNames, shape);

  const createCache = (capacity = shape.contextLength) =>
    new KvCache({ ...shape, contextLength: capacity }, holdsHalves ? Uint16Array : Float32Array);

  const run = async (
    ids: readonly number[],
    cache: KvCache,
    wanted: readonly number[],
    fetches: readonly string[],
  ) => {
    const past = cache.length + 1;
    const feeds: Record<string, Tensor> = {
      ids: int64Tensor(ids, [1, ids.length]),
      wanted: int64Tensor(wanted, [wanted.length]),
      ...feedMasks(past, ids.length, wanted),
    };
    for (let layer = 0; layer < layers; layer++) {
      const { key, value } = cache.past(layer);
      feeds[`past_key.${layer}`] = floatTensor(key, [past, kvHeads, headDim]);
      feeds[`past_value.${layer}`] = floatTensor(value, [past, kvHeads, headDim]);
    }
    const outputs = await session.run(feeds, [...fetches, 'rows']);
    const rows = rowsOf(outputs['rows']!);
    const length = ids.length * kvHeads * headDim;
    cache.append(ids, layer => ({
      key: rows.subarray(2 * layer * length, (2 * layer + 1) * length),
      value: rows.subarray((2 * layer + 1) * length, (2 * layer + 2) * length),
    }));
    return outputs;
  };

  return { run, createCache };
}

/**
 * Makes the masks that a graph has as inputs: `mask`, and `wanted_mask` for the last layer. Layers with a sliding
 * window of W tokens have their own, named `mask.W` and `wanted_mask.W`.
 */
function maskFeeds(
  inputNames: readonly string[],
  { heads, kvHeads, contextLength }: DecoderShape,
): (past: number, fresh: number, wanted: readonly number[]) => Record<string, Tensor> {
  const masks = inputNames.flatMap(name => {
    const match = /^(wanted_)?mask(?:\.(\d+))?$/.exec(name);
    return match ? [{ name, ofWanted: match[1] !== undefined, window: Number(match[2] ?? Infinity) }] : [];
  });
  const oneTokenMask = createOneTokenMask(contextLength);
  return (past, fresh, wanted) => {
    const columns = past + fresh;
    const feeds: Record<string, Tensor> = {};
    for (const { name, ofWanted, window } of masks) {
      const looking = ofWanted ? wanted : undefined;
      const queries = looking?.length ?? fresh;
      const isOne = fresh === 1 && queries === 1;
      const group = isOne ? 1 : heads / kvHeads;
      const mask =
        isOne && window >= columns
          ? oneTokenMask(past)
          : attentionMask({ past, fresh, group, window, looking });
      feeds[name] = new Tensor('float32', mask, [queries * group, columns]);
    }
    return feeds;
  };
}

function floats(tensor: Tensor): Float32Array {
  if (!(tensor.data instanceof Float32Array)) throw new TypeError(`expected float32, found ${tensor.type}`);
  return tensor.data;
}

function rowsOf(tensor: Tensor): Rows {
  if (!isFloatTensor(tensor)) throw new TypeError(`expected floats, found ${tensor.type}`);
  return elementsOf(tensor);
}
