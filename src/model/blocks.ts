/**
 * The blocks that decoder architectures are made of, under the names that the papers use.
 *
 * These symbols are used in all figures and shapes. The numbers are those of the bundled model when it computes one
 * token after 99 others. `architectures/llama.ts` follows this step from the ids to the logits.
 *
 * | symbol       | meaning                                                                              | example |
 * | ------------ | ------------------------------------------------------------------------------------ | ------- |
 * | `n`          | the new tokens of a run                                                              | 1       |
 * | `m`          | the wanted places: those of the `n` whose next token is to be predicted              | 1       |
 * | `p`          | the rows of the KV cache: a blank row 0, and one for each token that was seen before | 100     |
 * | `vocabulary` | how many tokens there are to choose from                                             | 8192    |
 * | `layers`     | how often attention and feed-forward block are repeated                              | 6       |
 * | `width`      | the numbers for each token in the residual stream                                    | 256     |
 * | `heads`      | heads of queries                                                                     | 4       |
 * | `kvHeads`    | heads of keys and values                                                             | 2       |
 * | `group`      | `heads / kvHeads`: the query heads that share one head of keys and values            | 2       |
 * | `headDim`    | the numbers of one head                                                              | 64      |
 * | `inner`      | the numbers for each token inside the feed-forward block                             | 704     |
 * | `x`          | the residual stream, `[1, n, width]`; the 1 stands for one text                      |         |
 * | `E`          | the embedding table, `[vocabulary, width]`                                           |         |
 * | `W_logits`   | the output matrix, `[width, vocabulary]`. In many models it is `E^T`                 |         |
 * | `x W + b`    | a linear layer, W `[inputs, outputs]`. Figures show a bias `b` only if there is one  |         |
 *
 * A block takes `x` and returns the same shape, unless its comment says otherwise. In the last layer the stream narrows
 * to the `m` wanted places. `keepWanted` does that. It is a matter of speed: read `keepWanted(g, x, layer)` as `x`.
 *
 * A block computes nothing by itself. It appends ONNX operators to the graph `g`, and ONNX Runtime runs the graph later,
 * for each token. A block reads its weights from the checkpoint by their names: `NAME.weight` and `NAME.bias` are
 * tensors of the layer called NAME. `train/sotto_train/model.py` has the network of `llama.ts` in PyTorch.
 */
import type { DecoderGraph } from './decoder-graph';
import type { NamedMatrix } from './matrix-products';
import type { Value } from './onnx-file/graph-builder';
import { type RotaryTables, rotary } from './rotary';

// ---- From ids to the stream, and from the stream to logits

/** Token embedding: row `id` of a table `[vocabulary, width]` for each new token. */
export function embed(g: DecoderGraph, table: string): Value {
  return g.products.lookUp(table, [g.shape.vocabulary, g.shape.width], g.ids);
}

/** Learned position embedding (GPT-1 to GPT-3): row `position` of a table `[contextLength, width]`. */
export function embedPositions(g: DecoderGraph, table: string): Value {
  const rows = g.tensor(table, [g.shape.contextLength, g.shape.width]);
  return g.builder.op('Unsqueeze', [
    g.builder.op('Gather', [rows, g.positions], { axis: 0 }),
    g.builder.ints([0]),
  ]);
}

/**
 * In the last layer: keeps only the wanted places, `[1, n, ...] -> [1, m, ...]`. In every other layer: `x` unchanged.
 * The logits would be the same without it, only slower.
 *
 * No token looks at a place after the last layer. So only the keys and values of that layer are needed for all places.
 * All other parts of it, and the output matrix, are computed for the places whose next token is wanted.
 */
export function keepWanted(g: DecoderGraph, x: Value, layer: number): Value {
  return layer === g.shape.layers - 1 ? g.builder.op('Gather', [x, g.wanted], { axis: 1 }) : x;
}

/**
 * The result of the graph: one score for each token of the vocabulary. Their softmax is the distribution of the next
 * token.
 * @param logits `[1, m, vocabulary]`
 */
export function outputLogits(g: DecoderGraph, logits: Value): void {
  const { vocabulary } = g.shape;
  g.finish(g.builder.op('Reshape', [logits, g.builder.ints([-1, vocabulary])]));
}

/** The residual connection: a block adds to the stream and never replaces it (He et al., arXiv 1512.03385). */
export function residual(g: DecoderGraph, x: Value, addition: Value): Value {
  return g.builder.op('Add', [x, addition]);
}

// ---- Norms

/** `(x - mean) / sqrt(variance + eps) * weight + bias`, over the numbers of a token (Ba et al., arXiv 1607.06450). */
export function layerNorm(g: DecoderGraph, x: Value, name: string, epsilon: number): Value {
  const { width } = g.shape;
  const inputs = [x, g.tensor(`${name}.weight`, [width]), g.tensor(`${name}.bias`, [width])];
  return g.builder.op('LayerNormalization', inputs, { axis: -1, epsilon: { float: epsilon } });
}

/** `x / sqrt(mean(x^2) + eps) * weight`: no mean, no bias (Zhang and Sennrich, arXiv 1910.07467). */
export function rmsNorm(g: DecoderGraph, x: Value, name: string, epsilon: number): Value {
  return rmsNormBy(g, x, g.tensor(`${name}.weight`, [g.shape.width]), epsilon);
}

/** The same norm over the last dimension of `x`, with weights that are already in the graph. */
export function rmsNormBy(g: DecoderGraph, x: Value, weight: Value, epsilon: number): Value {
  // ONNX Runtime's own operator. The standard's RMSNormalization is newer, and ONNX Runtime fuses it less often.
  return g.builder.op('SimplifiedLayerNormalization', [x, weight], {
    axis: -1,
    epsilon: { float: epsilon },
  });
}

// ---- Linear layers

/**
 * `x W`, or `x W + b` for a layer that has a bias. `NAME.weight` is W transposed, `[outputs, inputs]`, as PyTorch's
 * `Linear` keeps it.
 * @returns `[1, n, outputs]`
 */
export function linear(
  g: DecoderGraph,
  x: Value,
  name: string,
  outputs: number,
  inputs: number,
  { bias = false } = {},
): Value {
  return g.products.linear(x, matrixOf(name, outputs, bias), inputs);
}

function matrixOf(name: string, outputs: number, bias: boolean): NamedMatrix {
  return { name: `${name}.weight`, outputs, ...(bias && { bias: `${name}.bias` }) };
}

// ---- Attention

/** The inputs of attention: `query` is `[1, n, heads * headDim]`, `key` and `value` are `[1, n, kvHeads * headDim]`. */
export interface Heads {
  readonly query: Value;
  readonly key: Value;
  readonly value: Value;
}

/** Queries, keys and values by three matrices, `NAME.q_proj`, `NAME.k_proj` and `NAME.v_proj`. */
export function projectHeads(g: DecoderGraph, x: Value, name: string, { bias = false } = {}): Heads {
  const { width, heads, kvHeads, headDim } = g.shape;
  const matrix = (part: string, heads: number) => matrixOf(`${name}.${part}`, heads * headDim, bias);
  const matrices = [matrix('q_proj', heads), matrix('k_proj', kvHeads), matrix('v_proj', kvHeads)];
  const [query, key, value] = g.products.linearEach(x, matrices, width);
  return { query: query!, key: key!, value: value! };
}

/**
 * RMS norm of each head of the queries and keys separately, so that none of them grows large (Henry et al.,
 * arXiv 2010.04245). All heads share the weights `NAME.q_norm` or `NAME.k_norm`, `[headDim]`.
 * @param options.addend is added to the weights
 */
export function rmsNormHeads(
  g: DecoderGraph,
  { query, key, value }: Heads,
  name: string,
  epsilon: number,
  { addend = 0 } = {},
): Heads {
  const { heads, kvHeads, headDim } = g.shape;
  const b = g.builder;
  const norm = (x: Value, part: string, heads: number) => {
    const weight = g.tensorPlus(`${name}.${part}.weight`, [headDim], addend);
    const byHead = b.op('Reshape', [x, b.ints([1, -1, heads, headDim])]);
    return b.op('Reshape', [rmsNormBy(g, byHead, weight, epsilon), b.ints([1, -1, heads * headDim])]);
  };
  return { query: norm(query, 'q_norm', heads), key: norm(key, 'k_norm', kvHeads), value };
}

/** Turns queries and keys by their position (`rotary.ts`). Values carry no position. */
export function rotateHeads(g: DecoderGraph, { query, key, value }: Heads, tables: RotaryTables): Heads {
  return {
    query: rotary(g, query, tables, g.shape.heads),
    key: rotary(g, key, tables, g.shape.kvHeads),
    value,
  };
}

export interface AttentionOptions {
  /** The factor of the scores instead of `1 / sqrt(headDim)`. */
  readonly scale?: number;
  /** Each token sees only the last `window` tokens, itself included (Beltagy et al., Longformer, arXiv 2004.05150). */
  readonly window?: number | undefined;
  /** A tanh keeps the scores within `[-softCap, softCap]` (Gemma 2, arXiv 2408.00118). */
  readonly softCap?: number | undefined;
}

/**
 * Causal self-attention: `softmax(Q K^T / sqrt(headDim) + mask) V`, for each head separately (Vaswani et al.,
 * arXiv 1706.03762). Several query heads may share one head of keys and values (grouped-query attention, Ainslie et
 * al., arXiv 2305.13245). K and V are the cached rows followed by the new ones.
 *
 * The mask is 0 where a token may look, and a number like minus infinity for the tokens after it. The softmax takes the
 * exponential of each score. So a masked score becomes `exp(-infinity) = 0`: a weight of exactly zero.
 *
 * The cached rows and the new rows are multiplied separately, and only the scores are joined. So the KV cache is read
 * in place: with `transBatchB`, a product takes `[rows, kvHeads, headDim]` as one matrix for each head without moving a
 * number.
 *
 * @returns `[1, n, heads * headDim]`, in the last layer `[1, m, heads * headDim]`. The new keys and values become
 * outputs of the graph
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

  // Cached: [p, kvHeads, headDim]. New: [n, kvHeads, headDim].
  const past = g.past(layer);
  const newKeys = g.outputRows(b.op('Reshape', [key, b.ints([-1, kvHeads, headDim])]));
  const newValues = g.outputRows(b.op('Reshape', [value, b.ints([-1, kvHeads, headDim])]));

  // [n, kvHeads, group, headDim] -> [kvHeads, n * group, headDim]: query heads that share a head of keys stand
  // together.
  const byToken = b.op('Reshape', [keepWanted(g, query, layer), b.ints([-1, kvHeads, group, headDim])]);
  const byHead = b.op('Transpose', [byToken], { perm: [1, 0, 2, 3] });
  const queries = b.op('Reshape', [byHead, b.ints([kvHeads, -1, headDim])]);

  // Scores and attention weights: [kvHeads, n * group, p + n].
  const alpha = { float: scale / (softCap ?? 1) };
  const scoresWith = (rows: Value) =>
    b.msOp('FusedMatMul', [queries, rows], { transB: 1, transBatchB: 1, alpha });
  const joined = b.op('Concat', [scoresWith(past.keys), scoresWith(newKeys)], { axis: -1 });
  const scores = softCap === undefined ? joined : scaleBy(g, b.op('Tanh', [joined]), softCap);
  const weights = b.op('Softmax', [b.op('Add', [scores, g.mask(layer, window)])], { axis: -1 });
  g.outputAttention(layer, weights);

  // The weighted sum of the values: [kvHeads, n * group, headDim].
  const [pastWeights, newWeights] = b.multiOp('Split', [weights, g.pastAndNew], { axis: -1 }, 2);
  const mixOf = (share: Value, rows: Value) => b.msOp('FusedMatMul', [share, rows], { transBatchB: 1 });
  const mixed = b.op('Add', [mixOf(pastWeights!, past.values), mixOf(newWeights!, newValues)]);

  // Back to one row for each token: [1, n, heads * headDim].
  const unfolded = b.op('Reshape', [mixed, b.ints([kvHeads, -1, group, headDim])]);
  const backByToken = b.op('Transpose', [unfolded], { perm: [1, 0, 2, 3] });
  return b.op('Reshape', [backByToken, b.ints([1, -1, heads * headDim])]);
}

// ---- Feed-forward blocks

export type Activation = (g: DecoderGraph, x: Value) => Value;

/**
 * `x sigmoid(x)`: SiLU, also called swish. ONNX Runtime's QuickGelu is `x sigmoid(alpha x)`, so with `alpha` 1 it is
 * SiLU in one operator.
 */
export function silu(g: DecoderGraph, x: Value): Value {
  return g.builder.msOp('QuickGelu', [x], { alpha: { float: 1 } });
}

/** `x Phi(x)`: GELU by its definition, with the normal distribution Phi (Hendrycks and Gimpel, arXiv 1606.08415). */
export function gelu(g: DecoderGraph, x: Value): Value {
  return g.builder.msOp('Gelu', [x]);
}

/**
 * GELU by the tanh approximation of the same paper, which GPT-1 and GPT-2 use:
 * `0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))`.
 */
export function geluTanh(g: DecoderGraph, x: Value): Value {
  return g.builder.msOp('FastGelu', [x]);
}

/** The feed-forward block of GPT: `activation(x W_in + b_in) W_out + b_out`. */
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

/** The feed-forward block of LLaMA: `(activation(x W_gate) * (x W_up)) W_down` (Shazeer, arXiv 2002.05202). */
export function gatedFeedForward(
  g: DecoderGraph,
  x: Value,
  name: string,
  inner: number,
  activation: Activation,
): Value {
  const { width } = g.shape;
  const matrices = ['gate_proj', 'up_proj'].map(part => matrixOf(`${name}.${part}`, inner, false));
  const [gate, up] = g.products.linearEach(x, matrices, width);
  return linear(g, multiply(g, activation(g, gate!), up!), `${name}.down_proj`, width, inner);
}

/**
 * The same block where one matrix gives gate and up, in this order.
 * @param inner numbers of the gate
 */
export function joinedFeedForward(
  g: DecoderGraph,
  x: Value,
  [into, out]: readonly [into: string, out: string],
  inner: number,
  activation: Activation,
): Value {
  const { width } = g.shape;
  const joined = linear(g, x, into, 2 * inner, width);
  const [gate, up] = g.builder.multiOp('Split', [joined], { axis: -1, num_outputs: 2 }, 2);
  return linear(g, multiply(g, activation(g, gate!), up!), out, width, inner);
}

// ---- Arithmetic

/** `a * b`, number by number. */
export function multiply(g: DecoderGraph, a: Value, b: Value): Value {
  return g.builder.op('Mul', [a, b]);
}

export function scaleBy(g: DecoderGraph, x: Value, factor: number): Value {
  return factor === 1 ? x : g.builder.op('Mul', [x, g.builder.float(factor)]);
}
