import type { Decoder, DecoderSizes } from '../../src/generation/decoder';
import { KvCache } from '../../src/generation/kv-cache';

export interface ScriptedDecoder extends Decoder {
  /** A line for each run: `past|new ids`, with `?` after each id whose logits were wanted. */
  readonly runs: string[];
}

/**
 * A decoder whose likeliest next token is `next` of all tokens so far: its logit is 10, that of the id after it 6, all
 * others 0. The rows of a token hold its id.
 * @param onRun called before each run
 */
export function scriptedDecoder(
  next: (ids: readonly number[]) => number,
  {
    contextLength = 32,
    vocabulary = 100,
    onRun = () => {},
  }: Partial<DecoderSizes> & { onRun?: () => void } = {},
): ScriptedDecoder {
  const sizes: DecoderSizes = { vocabulary, layers: 2, kvHeads: 1, headDim: 1, contextLength };
  const runs: string[] = [];
  return {
    sizes,
    runs,
    createCache: (capacity = contextLength) => new KvCache({ ...sizes, contextLength: capacity }),
    async run(ids, cache, wanted) {
      onRun();
      runs.push(
        `${cache.length}|${ids.map((id, place) => (wanted.includes(place) ? `${id}?` : id)).join(' ')}`,
      );
      cache.append(ids, () => ({ key: Float32Array.from(ids), value: Float32Array.from(ids) }));
      const logits = new Float32Array(wanted.length * vocabulary);
      for (const [row, place] of wanted.entries()) {
        const before = cachedIds(cache).slice(0, cache.length - ids.length + place + 1);
        logits.set([10, 6], row * vocabulary + next(before));
      }
      return logits;
    },
  };
}

/** The tokens in the cache of a scripted decoder, read from its rows. All layers must agree. */
export function cachedIds(cache: KvCache): number[] {
  const [ids, ...others] = [0, 1].flatMap(layer => {
    const { key, value } = cache.past(layer);
    return [[...key.subarray(1)], [...value.subarray(1)]];
  });
  if (others.some(other => other.join() !== ids!.join())) throw new Error('the layers hold different tokens');
  return ids!;
}
