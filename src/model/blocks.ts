/**
 * The vocabulary of blocks that decoder architectures are written in.
 *
 * Every block takes and returns the residual stream `x: [1, n, width]` (a batch of one; `n` new tokens) unless it
 * says otherwise. The papers' names are kept.
 */
import type { DecoderGraph } from './decoder-graph';
import type { NamedMatrix } from './matrix-products';
import type { Value } from './onnx-file/graph-builder';
import { type RotaryTables, rotary } from './rotary';

/** Token embedding: row `id` of a table `[vocabulary, width]` for each new token. */
export function embed(g: DecoderGraph, table: string): Value {
  return g.products.rows(table, [g.shape.vocabulary, g.shape.width], g.ids);
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
  return rmsNormBy(g, x, g.tensor(`${name}.weight`, [g.shape.width]), epsilon);
}

/** The same with the last dimension's weights given. */
export function rmsNormBy(g: DecoderGraph, x: Value, weight: Value, epsilon: number): Value {
  // ONNX Runtime's own name for it; the standard's RMSNormalization came later and is not fused as often.
  return g.builder.op('SimplifiedLayerNormalization', [x, weight], {
    axis: -1,
    epsilon: { float: epsilon },
  });
}

/**
 * RMS norm of each head's numbers by themselves, so that no query or key grows large (Henry et al., arXiv 2010.04245).
 *
 * @param x `[1, n, heads * headDim]`
 * @param weight `[headDim]`
 */
export function rmsNormHeads(
  g: DecoderGraph,
  x: Value,
  weight: Value,
  epsilon: number,
  heads: number,
): Value {
  const { headDim } = g.shape;
  const b = g.builder;
  const byHead = b.op('Reshape', [x, b.ints([1, -1, heads, headDim])]);
  return b.op('Reshape', [rmsNormBy(g, byHead, weight, epsilon), b.ints([1, -1, heads * headDim])]);
}

/** `x W^T`, and `+ bias` where the layer has one: `NAME.weight` is `[outputs, inputs]`. */
export function linear(
  g: DecoderGraph,
  x: Value,
  name: string,
  outputs: number,
  inputs: number,
  { bias = false } = {},
): Value {
  return g.products.transposed(x, matrixOf(name, outputs, bias), inputs);
}

function matrixOf(name: string, outputs: number, bias: boolean): NamedMatrix {
  return { name: `${name}.weight`, outputs, ...(bias && { bias: `${name}.bias` }) };
}

/** What attention compares and mixes: `query [1, n, heads * headDim]`, the others `[1, n, kvHeads * headDim]`. */
export interface Heads {
  readonly query: Value;
  readonly key: Value;
  readonly value: Value;
}

/** Queries, keys and values by three matrices `NAME.q_proj`, `.k_proj`, `.v_proj`. */
export function projectHeads(g: DecoderGraph, x: Value, name: string, { bias = false } = {}): Heads {
  const { width, heads, kvHeads, headDim } = g.shape;
  const matrix = (part: string, heads: number) => matrixOf(`${name}.${part}`, heads * headDim, bias);
  const matrices = [matrix('q_proj', heads), matrix('k_proj', kvHeads), matrix('v_proj', kvHeads)];
  const [query, key, value] = g.products.transposedEach(x, matrices, width);
  return { query: query!, key: key!, value: value! };
}

/** Turns queries and keys by their position; values carry none. */
export function rotateHeads(g: DecoderGraph, { query, key, value }: Heads, angles: RotaryTables): Heads {
  return {
    query: rotary(g, query, angles, g.shape.heads),
    key: rotary(g, key, angles, g.shape.kvHeads),
    value,
  };
}

export interface AttentionOptions {
  readonly scale?: number;
  readonly window?: number | undefined;
  readonly softCap?: number | undefined;
}

/**
 * Causal self-attention over the cached rows and the new ones:
 * `softmax(Q K^T / sqrt(headDim) + mask) V`, each head on its own (Vaswani et al., arXiv 1706.03762), with several
 * query heads to one head of keys and values (grouped-query attention, arXiv 2305.13245).
 *
 * Past and new rows are multiplied apart and only the scores are joined, so the cache is read where it lies: a
 * product with `transBatch` takes `[rows, kvHeads, headDim]` as one matrix a head without moving a number.
 *
 * @param options.scale instead of `1 / sqrt(headDim)`
 * @param options.window sees the last so many tokens only (Beltagy et al., Longformer, arXiv 2004.05150)
 * @param options.softCap keeps scores within `[-softCap, softCap]` by a tanh (Gemma 2, arXiv 2408.00118)
 * @returns `[1, n, heads * headDim]`, in the last layer of the places that ask; the new rows become the graph's outputs
 */
export function causalSelfAttention(
  g: DecoderGraph,
  layer: number,
  { query, key, value }: Heads,
  { scale = 1 / Math.sqrt(g.shape.headDim), window, softCap }: AttentionOptions = {},
): Value {
  const { heads, kvHeads, headDim } = g.shape;
  const group = heads / kvHeads;
  const b = g.builder;

  const past = g.past(layer);
  const newKeys = g.keepRows(b.op('Reshape', [key, b.ints([-1, kvHeads, headDim])]));
  const newValues = g.keepRows(b.op('Reshape', [value, b.ints([-1, kvHeads, headDim])]));

  // [n, kvHeads, group, headDim] -> [kvHeads, n * group, headDim]: the queries that share a head of keys, together.
  const byToken = b.op('Reshape', [asking(g, query, layer), b.ints([-1, kvHeads, group, headDim])]);
  const byHead = b.op('Transpose', [byToken], { perm: [1, 0, 2, 3] });
  const queries = b.op('Reshape', [byHead, b.ints([kvHeads, -1, headDim])]);

  const alpha = { float: scale / (softCap ?? 1) };
  const scoresWith = (rows: Value) =>
    b.msOp('FusedMatMul', [queries, rows], { transB: 1, transBatchB: 1, alpha });
  const joined = b.op('Concat', [scoresWith(past.keys), scoresWith(newKeys)], { axis: -1 });
  const scores = softCap === undefined ? joined : scaleBy(g, b.op('Tanh', [joined]), softCap);
  const weights = b.op('Softmax', [b.op('Add', [scores, g.mask(layer, window)])], { axis: -1 });

  const [pastWeights, newWeights] = b.multiOp('Split', [weights, g.pastAndNew], { axis: -1 }, 2);
  const mixOf = (share: Value, rows: Value) => b.msOp('FusedMatMul', [share, rows], { transBatchB: 1 });
  const mixed = b.op('Add', [mixOf(pastWeights!, past.values), mixOf(newWeights!, newValues)]);

  const unfolded = b.op('Reshape', [mixed, b.ints([kvHeads, -1, group, headDim])]);
  const backByToken = b.op('Transpose', [unfolded], { perm: [1, 0, 2, 3] });
  return b.op('Reshape', [backByToken, b.ints([1, -1, heads * headDim])]);
}

/** `x sigmoid(x)`: SiLU, also called swish. */
export function silu(g: DecoderGraph, x: Value): Value {
  return g.builder.msOp('QuickGelu', [x], { alpha: { float: 1 } });
}

/** `x Phi(x)`, GELU as it is defined (Hendrycks and Gimpel, arXiv 1606.08415). */
export function gelu(g: DecoderGraph, x: Value): Value {
  return g.builder.msOp('Gelu', [x]);
}

/** GELU by the tanh approximation of the same paper, which GPT-1 and GPT-2 use. */
export function geluTanh(g: DecoderGraph, x: Value): Value {
  return g.builder.msOp('FastGelu', [x]);
}

export function multiply(g: DecoderGraph, a: Value, b: Value): Value {
  return g.builder.op('Mul', [a, b]);
}

export function scaleBy(g: DecoderGraph, x: Value, factor: number): Value {
  return factor === 1 ? x : g.builder.op('Mul', [x, g.builder.float(factor)]);
}

export type Activation = (g: DecoderGraph, x: Value) => Value;

/** A gated feed-forward block, `W_down (activation(W_gate x) * W_up x)` (Shazeer, arXiv 2002.05202). */
export function gatedFeedForward(
  g: DecoderGraph,
  x: Value,
  name: string,
  feedForward: number,
  activation: Activation,
): Value {
  const { width } = g.shape;
  const matrices = ['gate_proj', 'up_proj'].map(part => matrixOf(`${name}.${part}`, feedForward, false));
  const [gate, up] = g.products.transposedEach(x, matrices, width);
  return linear(g, multiply(g, activation(g, gate!), up!), `${name}.down_proj`, width, feedForward);
}

/** The plain feed-forward block, `W_out activation(W_in x + b_in) + b_out`. */
export function feedForward(
  g: DecoderGraph,
  x: Value,
  [into, out]: readonly [into: string, out: string],
  inner: number,
  activation: Activation,
): Value {
  const { width } = g.shape;
  const wide = activation(g, linear(g, x, into, inner, width, { bias: true }));
  return linear(g, wide, out, width, inner, { bias: true });
}

/**
 * The places that still ask something of the others, `[1, n, ...] -> [1, m, ...]`: in the last layer those alone whose
 * next token is wanted. Nothing looks at a place after the last layer, so all of that layer but its keys and values,
 * and all that comes after it, is computed for the wanted places only.
 */
export function asking(g: DecoderGraph, x: Value, layer: number): Value {
  return layer === g.shape.layers - 1 ? g.builder.op('Gather', [x, g.wanted], { axis: 1 }) : x;
}

/** The graph's answer: one score a vocabulary entry; their softmax is the next token's distribution. */
export function outputLogits(g: DecoderGraph, logits: Value): void {
  const { vocabulary } = g.shape;
  g.finish(g.builder.op('Reshape', [logits, g.builder.ints([-1, vocabulary])]));
}
