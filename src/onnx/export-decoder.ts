/**
 * Runs a ready-made ONNX export behind the same interface as a graph of our own. It is slower: the whole cache is an
 * output of such a graph, and onnxruntime-node copies every output. So each token costs a copy of all tokens before it.
 */
import { Tensor } from 'onnxruntime-node';
import { ModelFileError } from '../checkpoint/model-file-error';
import type { Decoder, DecoderSizes } from '../generation/decoder';
import { readSignature } from './export-signature';
import { type FloatTensor, floatsOf, int64Tensor, isFloatTensor, openInferenceSession } from './onnx-runtime';
import { PresentCache } from './present-cache';

/**
 * @param path of the `.onnx` file
 * @param sizes from its configuration
 * @throws ModelFileError if the file cannot be opened, or is not an export of a decoder of these sizes
 */
export async function openExportDecoder(
  path: string,
  sizes: DecoderSizes,
  { threads }: { readonly threads: number },
): Promise<Decoder<PresentCache>> {
  const blame = (what: string) => (error: unknown) => {
    throw new ModelFileError(path, 'file', `${what} (${(error as Error).message})`);
  };
  const session = await openInferenceSession(path, threads).catch(blame('cannot be opened'));
  const { inputs, cacheType, past, present } = readSignature(session, path, sizes);
  return {
    sizes,
    createCache: (capacity = sizes.contextLength) =>
      new PresentCache({ ...sizes, contextLength: capacity }, cacheType),
    async run(ids, cache, wanted) {
      const kept = wanted.length === 0 ? 1 : ids.length - Math.min(...wanted);
      const feeds: Record<string, Tensor> = {};
      for (const name of inputs) feeds[name] = feedOf[name]!({ ids, past: cache.length, kept });
      for (const [at, name] of past.entries()) feeds[name] = cache.past[at]!;
      // Without wanted places, the copy of the logits is saved.
      const fetches = wanted.length === 0 ? present : ['logits', ...present];
      const outputs = await session.run(feeds, fetches).catch(blame('cannot be run'));
      const floats = (name: string) => floatsIn(outputs[name], path, name);
      cache.replace(ids, present.map(floats));
      return wanted.length === 0 ? new Float32Array(0) : pickRows(floats('logits'), ids.length, wanted);
    },
  };
}

interface Run {
  readonly ids: readonly number[];
  /** Tokens in the cache. */
  readonly past: number;
  /** How many of the last tokens cover all wanted places. */
  readonly kept: number;
}

const feedOf: Readonly<Record<string, (run: Run) => Tensor>> = {
  input_ids: ({ ids }) => int64Tensor(ids, [1, ids.length]),
  attention_mask: ({ ids, past }) => {
    const length = past + ids.length;
    return new Tensor('int64', new BigInt64Array(length).fill(1n), [1, length]);
  },
  position_ids: ({ ids, past }) =>
    int64Tensor(
      ids.map((_, place) => past + place),
      [1, ids.length],
    ),
  // A merged graph has a branch without a past, for the first run.
  use_cache_branch: ({ past }) => new Tensor('bool', [past > 0], [1]),
  num_logits_to_keep: ({ kept }) => int64Tensor([kept], []),
};

function floatsIn(tensor: Tensor | undefined, path: string, name: string): FloatTensor {
  if (isFloatTensor(tensor)) return tensor;
  throw new ModelFileError(path, `output '${name}'`, `found ${tensor?.type}, expected float32 or float16`);
}

/**
 * @param logits `[1, rows, vocabulary]` of the last `rows` of `count` tokens
 * @returns `[wanted.length, vocabulary]`
 */
function pickRows(logits: FloatTensor, count: number, wanted: readonly number[]): Float32Array {
  const [, rows = 0, vocabulary = 0] = logits.dims;
  const picked = new Float32Array(wanted.length * vocabulary);
  for (const [at, place] of wanted.entries()) {
    const row = place - (count - rows);
    picked.set(floatsOf(logits, row * vocabulary, (row + 1) * vocabulary), at * vocabulary);
  }
  return picked;
}
