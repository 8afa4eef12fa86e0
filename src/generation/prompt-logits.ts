/**
 * The logits after the last prompt of each cache. Inside a word, every key asks with the same prompt: only the constraint
 * on the first tokens gets longer (token healing). So the run that would compute these logits again is left out.
 */
import { commonPrefixLength, type TokenCache } from './kv-cache';

export interface PromptLogits {
  /** @returns a copy of the logits `[vocabulary]` after `ids`; undefined if they are not known, or not in the cache */
  recall(cache: TokenCache, ids: readonly number[]): Float32Array | undefined;
  /** Keeps a copy of the logits after `ids`, in place of those that it had for this cache. */
  keep(cache: TokenCache, ids: readonly number[], logits: Float32Array): void;
}

export function createPromptLogits(): PromptLogits {
  const known = new WeakMap<TokenCache, { readonly ids: readonly number[]; readonly logits: Float32Array }>();
  return {
    recall(cache, ids) {
      const last = known.get(cache);
      const isSame = last?.ids.length === ids.length && commonPrefixLength(last.ids, ids) === ids.length;
      // Other prompts may have been run in this cache since.
      return isSame && cache.commonPrefix(ids) === ids.length ? last.logits.slice() : undefined;
    },
    keep(cache, ids, logits) {
      known.set(cache, { ids: [...ids], logits: logits.slice() });
    },
  };
}
