/**
 * What happened inside the model while it wrote a completion: the tokens that it read and wrote, how likely each next
 * token was, and which earlier tokens each head looked at. The text is run again, all at once, through a variant of the
 * graph that returns the attention weights too. Knows ids and their texts; knows nothing of documents and pages.
 */
import type { CheckpointSource } from '../checkpoint/model-source';
import { ensureGraph } from '../graph-cache/graph-cache';
import { readShape } from '../model/inspect-checkpoint';
import { loadDecoders } from '../onnx/load-decoders';
import { spellPrompt } from '../prompt/find-layout';
import type { Tokenizer } from '../tokenizer/tokenizer';

export interface ExplainedToken {
  /** Half characters are replaced by `\ufffd`. */
  readonly text: string;
  /** It is a mark of the prompt, such as `<|endoftext|>`, and no text. */
  readonly isMark: boolean;
}

export interface CandidateToken extends ExplainedToken {
  /** Probability that it is the next token, before any constraint. */
  readonly probability: number;
  readonly isChosen: boolean;
}

/** One written token, and what the model computed for it. */
export interface ExplainedStep {
  /** The place in `tokens` of the token that was written. The model had read all tokens before it. */
  readonly place: number;
  /** The likeliest tokens, and the chosen one. The likeliest is first. */
  readonly candidates: readonly CandidateToken[];
  /** `attention[layer][head]` has a weight for each token before `place`. Their sum is 1. */
  readonly attention: readonly (readonly Float32Array[])[];
}

export interface ExplainedCompletion {
  /** The prompt, then what the model wrote. */
  readonly tokens: readonly ExplainedToken[];
  readonly promptLength: number;
  readonly steps: readonly ExplainedStep[];
}

export interface ExplainOptions {
  readonly source: CheckpointSource;
  readonly tokenizer: Tokenizer;
  /** Where built graphs are kept. */
  readonly graphsFolder: string;
  readonly threads: number;
}

/** How many likely tokens a step has. */
const maxCandidates = 8;

/**
 * @param promptIds what the model read; at least one
 * @param writtenIds what it wrote; at least one
 * @throws ModelFileError naming the file and field at fault
 */
export async function explainCompletion(
  promptIds: readonly number[],
  writtenIds: readonly number[],
  { source, tokenizer, graphsFolder, threads }: ExplainOptions,
): Promise<ExplainedCompletion> {
  const shape = readShape(source);
  const { openAttentionGraph } = await loadDecoders();
  const path = ensureGraph(source, graphsFolder, { bits: source.weightBits, showsAttention: true });
  // The last token was written and not read.
  const read = [...promptIds, ...writtenIds.slice(0, -1)];
  const runAll = await openAttentionGraph(path, { ...shape, contextLength: read.length }, { threads });
  const { logits, weights } = await runAll(read);
  const layers = Array.from({ length: shape.layers }, (_, layer) =>
    Array.from({ length: shape.heads }, (_, head) => weights(layer, head)),
  );
  const tokenOf = (id: number) => explainToken(tokenizer, id);
  const steps = writtenIds.map((id, index): ExplainedStep => {
    const place = promptIds.length + index;
    const reader = place - 1;
    const following = logits.subarray(reader * shape.vocabulary, place * shape.vocabulary);
    return {
      place,
      candidates: likeliest(following, id).map(one => ({ ...one, ...tokenOf(one.id) })),
      attention: layers.map(heads =>
        heads.map(all => all.slice(reader * read.length, reader * read.length + place)),
      ),
    };
  });
  return { tokens: [...promptIds, ...writtenIds].map(tokenOf), promptLength: promptIds.length, steps };
}

function explainToken(tokenizer: Tokenizer, id: number): ExplainedToken {
  const bytes = tokenizer.bytes(id);
  if (bytes.length === 0) return { text: spellPrompt(tokenizer, [id]), isMark: true };
  return { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes), isMark: false };
}

/** The softmax of the logits, its largest numbers. The chosen token is there in any case. */
function likeliest(logits: Float32Array, chosen: number) {
  const top = logits.reduce((a, b) => Math.max(a, b));
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - top), 0);
  const ids = [...logits.keys()].sort((a, b) => logits[b]! - logits[a]!).slice(0, maxCandidates);
  return (ids.includes(chosen) ? ids : [...ids, chosen]).map(id => ({
    id,
    probability: Math.exp(logits[id]! - top) / sum,
    isChosen: id === chosen,
  }));
}
