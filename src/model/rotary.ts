/**
 * Rotary position embedding, RoPE (Su et al., RoFormer, arXiv 2104.09864). The numbers of a head are taken in pairs, and
 * pair `i`, `(x1, x2)`, is turned by an angle that grows with the position:
 *
 *     x1, x2 = x1 cos a - x2 sin a, x1 sin a + x2 cos a      a = position * f[i],  f[i] = base^(-2i / dims)
 *
 * So the product of a query and a key depends only on their distance.
 *
 * A model that was later trained on longer texts has other frequencies `f`. The rule is `rope_scaling` in its
 * configuration. `s` is the rule's factor, L the original context, and `turns = L f / (2 pi)` says how often a pair turns
 * within it. `clamp` keeps a number between 0 and 1.
 *
 *     linear      f / s
 *     llama3      (1 - k) f / s + k f     k = clamp((turns - low) / (high - low))
 *     yarn        (1 - k) f / s + k f     k falls from 1 to 0 between the pairs with `betaFast` and `betaSlow` turns
 *     longrope    f[i] / factors[i]
 *
 * yarn and longrope also multiply queries and keys by an attention factor, which sharpens the softmax:
 * `0.1 ln(s) + 1` and `sqrt(1 + ln(s) / ln(L))`, unless the configuration has another.
 */
import type { DecoderGraph } from './decoder-graph';
import type { Value } from './onnx-file/graph-builder';

export interface Rotary {
  readonly base: number;
  /** The first `dims` numbers of a head are turned. The others stay as they are. */
  readonly dims: number;
  readonly scaling: RotaryScaling;
}

export type RotaryScaling =
  | { readonly rule: 'default' }
  /** All frequencies divided by the factor, as if positions were closer together (Chen et al., arXiv 2306.15595). */
  | { readonly rule: 'linear'; readonly factor: number }
  /**
   * LLaMA 3.1: slow pairs divided by the factor, fast ones kept, and a mixture between. LLaMA 3 had no scaling. The rule
   * is `apply_scaling` in github.com/meta-llama/llama-models, `models/llama3/reference_impl/model.py`.
   */
  | {
      readonly rule: 'llama3';
      readonly factor: number;
      readonly lowFrequencyFactor: number;
      readonly highFrequencyFactor: number;
      readonly originalContext: number;
    }
  /**
   * YaRN: divided, kept or mixed as in llama3, but by the pair's index, and sharper attention (Peng et al.,
   * arXiv 2309.00071).
   */
  | {
      readonly rule: 'yarn';
      readonly factor: number;
      readonly attentionFactor: number;
      readonly betaFast: number;
      readonly betaSlow: number;
      readonly truncate: boolean;
      readonly originalContext: number;
    }
  /** LongRoPE: a factor for each pair, found by search (Ding et al., arXiv 2402.13753). */
  | { readonly rule: 'longrope'; readonly factors: readonly number[]; readonly attentionFactor: number };

/** The cosines and sines of all angles, `[contextLength, dims / 2]` each: one row for each position. */
export interface RotaryTables {
  readonly cos: Value;
  readonly sin: Value;
  readonly dims: number;
  /** A pair is `(2i, 2i + 1)` as in RoFormer and GPT-J. Otherwise `(i, i + dims / 2)`, as Hugging Face stores LLaMA. */
  readonly interleaved: boolean;
}

/**
 * Turns the heads of the new tokens by their positions. ONNX Runtime's operator computes `x1 cos - x2 sin` and
 * `x1 sin + x2 cos` for each pair, with the rows of the tables from the first new position on.
 * @param x `[1, n, heads * headDim]`, queries or keys
 * @returns the same shape
 */
export function rotary(g: DecoderGraph, x: Value, tables: RotaryTables, heads: number): Value {
  const { cos, sin, dims, interleaved } = tables;
  const inputs = [x, g.firstPosition, cos, sin];
  if (dims === g.shape.headDim && !interleaved) return g.builder.msOp('RotaryEmbedding', inputs);
  return g.builder.msOp('RotaryEmbedding', inputs, {
    interleaved: interleaved ? 1 : 0,
    // If only a part of a head is turned, ONNX Runtime needs both of these.
    ...(dims === g.shape.headDim ? {} : { num_heads: heads, rotary_embedding_dim: dims }),
  });
}

/**
 * Writes the tables of all positions into the graph.
 * @param options.name for a model with more than one pair of tables
 */
export function rotaryTables(
  g: DecoderGraph,
  { base, dims, scaling }: Rotary,
  { name = 'rotary', interleaved = false } = {},
): RotaryTables {
  const { contextLength } = g.shape;
  const half = dims / 2;
  const frequencies = scaledFrequencies(base, dims, scaling);
  const amplitude = 'attentionFactor' in scaling ? scaling.attentionFactor : 1;
  const table = (part: string, wave: (angle: number) => number) => {
    const values = new Float32Array(contextLength * half);
    for (let position = 0; position < contextLength; position++)
      for (let i = 0; i < half; i++)
        values[position * half + i] = amplitude * wave(position * Math.fround(frequencies[i]!));
    return g.builder.weight(`${name}.${part}`, [contextLength, half], values);
  };
  return { cos: table('cos', Math.cos), sin: table('sin', Math.sin), dims, interleaved };
}

/** `[dims / 2]` the angle of each pair at position 1, in radians. */
export function scaledFrequencies(base: number, dims: number, scaling: RotaryScaling): number[] {
  const half = dims / 2;
  const plain = Array.from({ length: half }, (_, i) => base ** (-i / half));
  switch (scaling.rule) {
    case 'default':
      return plain;
    case 'linear':
      return plain.map(frequency => frequency / scaling.factor);
    case 'longrope':
      return plain.map((frequency, i) => frequency / scaling.factors[i]!);
    case 'llama3':
      return plain.map(frequency => {
        const { factor, lowFrequencyFactor: low, highFrequencyFactor: high } = scaling;
        const turns = (scaling.originalContext * frequency) / (2 * Math.PI);
        const kept = clamp((turns - low) / (high - low));
        return (1 - kept) * (frequency / factor) + kept * frequency;
      });
    case 'yarn': {
      const { factor, betaFast, betaSlow, truncate, originalContext } = scaling;
      // The index of the pair that makes `turns` full turns within the original context.
      const pairOf = (turns: number) =>
        (dims * Math.log(originalContext / (turns * 2 * Math.PI))) / (2 * Math.log(base));
      const [fast, slow] = [pairOf(betaFast), pairOf(betaSlow)];
      const first = Math.max(truncate ? Math.floor(fast) : fast, 0);
      const last = Math.min(truncate ? Math.ceil(slow) : slow, dims - 1);
      return plain.map((frequency, i) => {
        const stretched = clamp((i - first) / (last === first ? 0.001 : last - first));
        return stretched * (frequency / factor) + (1 - stretched) * frequency;
      });
    }
  }
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
