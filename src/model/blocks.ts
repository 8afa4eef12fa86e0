/**
 * The vocabulary of blocks that decoder architectures are written in.
 *
 * Every block takes and returns the residual stream `x: [1, n, width]` (a batch of one; `n` new tokens) unless it
 * says otherwise. The papers' names are kept.
 */
import type { DecoderGraph } from './decoder-graph';
import type { Value } from './onnx/graph-builder';

/** Token embedding: row `id` of a table `[vocabulary, width]` for each new token. */
export function embed(g: DecoderGraph, table: string): Value {
  return g.builder.op('Gather', [g.tensor(table, [g.shape.vocabulary, g.shape.width]), g.ids], { axis: 0 });
}

/** Learned position embedding (GPT-1 to GPT-3): row `position` of a table `[contextLength, width]`. */
export function embedPositions(g: DecoderGraph, table: string): Value {
  const rows = g.tensor(table, [g.shape.contextLength, g.shape.width]);
  return g.builder.op('Unsqueeze', [
    g.builder.op('Gather', [rows, g.positions], { axis: 0 }),
    g.builder.ints([0]),
  ]);
}

/** The residual connection: a block adds to the stream, it never replaces it. */
export function residual(g: DecoderGraph, x: Value, addition: Value): Value {
  return g.builder.op('Add', [x, addition]);
}

/** `(x - mean) / sqrt(variance + eps) * weight + bias` (Ba et al., arXiv 1607.06450). */
export function layerNorm(g: DecoderGraph, x: Value, name: string, epsilon: number): Value {
  const { width } = g.shape;
  const inputs = [x, g.tensor(`${name}.weight`, [width]), g.tensor(`${name}.bias`, [width])];
  return g.builder.op('LayerNormalization', inputs, { axis: -1, epsilon: { float: epsilon } });
}

/** `x / sqrt(mean(x^2) + eps) * weight`: no mean, no bias (Zhang and Sennrich, arXiv 1910.07467). */
export function rmsNorm(g: DecoderGraph, x: Value, name: string, epsilon: number): Value {
  // ONNX Runtime's own name for it; the standard's RMSNormalization came later and is not fused as often.
  return g.builder.op('SimplifiedLayerNormalization', [x, g.tensor(`${name}.weight`, [g.shape.width])], {
    axis: -1,
    epsilon: { float: epsilon },
  });
}

/**
 * Rotary position embedding (Su et al., arXiv 2104.09864): turns each pair of a head's numbers by an angle that
 * grows with the position, so that a product of query and key depends on their distance only. The pairs are
 * `(i, i + headDim / 2)`, the half-split form of Hugging Face checkpoints.
 *
 * @param x `[1, n, heads * headDim]`
 */
export function rotary(g: DecoderGraph, x: Value, tables: RotaryTables): Value {
  return g.builder.msOp('RotaryEmbedding', [x, g.firstPosition, tables.cos, tables.sin]);
}

/** Cosines and sines `[contextLength, headDim / 2]`, one row a position. */
export interface RotaryTables {
  readonly cos: Value;
  readonly sin: Value;
}

export function rotaryTables(g: DecoderGraph, base: number): RotaryTables {
  const { contextLength, headDim } = g.shape;
  const half = headDim / 2;
  const table = (name: string, wave: (angle: number) => number) => {
    const values = new Float32Array(contextLength * half);
    for (let position = 0; position < contextLength; position++)
      for (let i = 0; i < half; i++)
        values[position * half + i] = wave(position * Math.fround(base ** (-i / half)));
    return g.builder.weight(name, [contextLength, half], values);
  };
  return { cos: table('rotary.cos', Math.cos), sin: table('rotary.sin', Math.sin) };
}

/**
 * Causal self-attention over the cached rows and the new ones:
 * `softmax(Q K^T / sqrt(headDim) + mask) V`, each head on its own (Vaswani et al., arXiv 1706.03762), with several
 * query heads to one head of keys and values (grouped-query attention, arXiv 2305.13245).
 *
 * Past and new rows are multiplied apart and only the scores are joined, so the cache is read where it lies: a
 * product with `transBatch` takes `[rows, kvHeads, headDim]` as one matrix a head without moving a number.
 *
 * @param query `[1, n, heads * headDim]`
 * @param key `[1, n, kvHeads * headDim]`
 * @param value `[1, n, kvHeads * headDim]`
 * @returns `[1, n, heads * headDim]`; the new rows become the layer's outputs `key.L` and `value.L`
 */
export function causalSelfAttention(
  g: DecoderGraph,
  layer: number,
  { query, key, value }: { readonly query: Value; readonly key: Value; readonly value: Value },
): Value {
  const { heads, kvHeads, headDim } = g.shape;
  const group = heads / kvHeads;
  const b = g.builder;

  const newKeys = b.op('Reshape', [key, b.ints([-1, kvHeads, headDim])]);
  const newValues = b.op('Reshape', [value, b.ints([-1, kvHeads, headDim])]);
  b.output(`key.${layer}`, newKeys, ['new', kvHeads, headDim]);
  b.output(`value.${layer}`, newValues, ['new', kvHeads, headDim]);

  // [n, kvHeads, group, headDim] -> [kvHeads, n * group, headDim]: the queries that share a head of keys, together.
  const byToken = b.op('Reshape', [query, b.ints([-1, kvHeads, group, headDim])]);
  const byHead = b.op('Transpose', [byToken], { perm: [1, 0, 2, 3] });
  const queries = b.op('Reshape', [byHead, b.ints([kvHeads, -1, headDim])]);

  const alpha = { float: 1 / Math.sqrt(headDim) };
  const scoresWith = (rows: Value) =>
    b.msOp('FusedMatMul', [queries, rows], { transB: 1, transBatchB: 1, alpha });
  const scores = b.op('Concat', [scoresWith(g.pastKeys[layer]!), scoresWith(newKeys)], { axis: -1 });
  const weights = b.op('Softmax', [b.op('Add', [scores, g.causalMask])], { axis: -1 });

  const [pastWeights, newWeights] = b.multiOp('Split', [weights, g.pastAndNew], { axis: -1 }, 2);
  const mixOf = (share: Value, rows: Value) => b.msOp('FusedMatMul', [share, rows], { transBatchB: 1 });
  const mixed = b.op('Add', [mixOf(pastWeights!, g.pastValues[layer]!), mixOf(newWeights!, newValues)]);

  const unfolded = b.op('Reshape', [mixed, b.ints([kvHeads, -1, group, headDim])]);
  const backByToken = b.op('Transpose', [unfolded], { perm: [1, 0, 2, 3] });
  return b.op('Reshape', [backByToken, b.ints([1, -1, heads * headDim])]);
}

/** `x sigmoid(x)`: SiLU, also called swish. */
export function silu(g: DecoderGraph, x: Value): Value {
  return g.builder.msOp('QuickGelu', [x], { alpha: { float: 1 } });
}

/** GELU by its tanh approximation, which GPT-1 and GPT-2 use (Hendrycks and Gimpel, arXiv 1606.08415). */
export function geluTanh(g: DecoderGraph, x: Value): Value {
  return g.builder.msOp('FastGelu', [x]);
}

export function multiply(g: DecoderGraph, a: Value, b: Value): Value {
  return g.builder.op('Mul', [a, b]);
}

/** Keeps the places whose next token is asked for: `[1, n, width] -> [1, m, width]`. */
export function wantedRows(g: DecoderGraph, x: Value): Value {
  return g.builder.op('Gather', [x, g.wanted], { axis: 1 });
}

/** The graph's answer: one score a vocabulary entry; their softmax is the next token's distribution. */
export function outputLogits(g: DecoderGraph, logits: Value): void {
  const { vocabulary } = g.shape;
  const rows = g.builder.op('Reshape', [logits, g.builder.ints([-1, vocabulary])]);
  g.builder.output('logits', rows, ['wanted', vocabulary]);
}
