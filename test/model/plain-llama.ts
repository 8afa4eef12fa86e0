/**
 * LLaMA in plain loops, without ONNX, without a KV cache, for one text at a time: the reference for the attention
 * weights. It takes seconds where the graph takes milliseconds, and reads like the formulas.
 */
import type { TensorSource } from '../../src/checkpoint/tensor-source';
import type { LlamaConfig } from '../../src/model/architectures/llama';

type Vector = readonly number[];

export interface PlainRun {
  /** For each token, the scores of the next one. */
  readonly logits: readonly Vector[];
  /** `attention[layer][head][token]`: how much the token looked at each token up to itself. */
  readonly attention: readonly (readonly (readonly Vector[])[])[];
}

export function runPlainLlama(ids: readonly number[], config: LlamaConfig, weights: TensorSource): PlainRun {
  const { layers, width, heads, kvHeads, headDim, vocabulary, feedForward, normEpsilon } = config;
  const matrix = (name: string, outputs: number, inputs: number) => {
    const numbers = weights.read(`${name}.weight`, [outputs, inputs]);
    return (x: Vector) =>
      range(outputs).map(row =>
        dot(
          x,
          range(inputs).map(at => numbers[row * inputs + at]!),
        ),
      );
  };
  const norm = (name: string) => {
    const scale = weights.read(`${name}.weight`, [width]);
    return (x: Vector) => {
      const root = Math.sqrt(dot(x, x) / width + normEpsilon);
      return x.map((value, at) => (value / root) * scale[at]!);
    };
  };

  const table = weights.read('model.embed_tokens.weight', [vocabulary, width]);
  let stream: Vector[] = ids.map(id => range(width).map(at => table[id * width + at]!));
  const attention: Vector[][][] = [];
  for (let layer = 0; layer < layers; layer++) {
    const name = `model.layers.${layer}`;
    const headsOf = (x: Vector, count: number) =>
      range(count).map(head => x.slice(head * headDim, (head + 1) * headDim));
    const project = (part: string, count: number) =>
      matrix(`${name}.self_attn.${part}`, count * headDim, width);
    const [query, key, value] = [
      project('q_proj', heads),
      project('k_proj', kvHeads),
      project('v_proj', kvHeads),
    ];
    const output = matrix(`${name}.self_attn.o_proj`, width, heads * headDim);
    const inputs = stream.map(norm(`${name}.input_layernorm`));
    const turned = (x: Vector, position: number, count: number) =>
      headsOf(x, count).map(head => turn(head, position, config));
    const queries = inputs.map((x, position) => turned(query(x), position, heads));
    const keys = inputs.map((x, position) => turned(key(x), position, kvHeads));
    const values = inputs.map(x => headsOf(value(x), kvHeads));
    const looked = range(heads).map(head => {
      const shared = Math.floor(head / (heads / kvHeads));
      return ids.map((_, token) =>
        softmax(
          range(token + 1).map(at => dot(queries[token]![head]!, keys[at]![shared]!) / Math.sqrt(headDim)),
        ),
      );
    });
    const mixed = ids.map((_, token) =>
      range(heads).flatMap(head => {
        const shared = Math.floor(head / (heads / kvHeads));
        return range(headDim).map(dim =>
          dot(
            looked[head]![token]!,
            range(token + 1).map(at => values[at]![shared]![dim]!),
          ),
        );
      }),
    );
    stream = stream.map((x, token) => add(x, output(mixed[token]!)));
    const [gate, up, down] = [
      matrix(`${name}.mlp.gate_proj`, feedForward, width),
      matrix(`${name}.mlp.up_proj`, feedForward, width),
      matrix(`${name}.mlp.down_proj`, width, feedForward),
    ];
    const feed = stream.map(norm(`${name}.post_attention_layernorm`));
    stream = stream.map((x, token) => {
      const [gated, wide] = [gate(feed[token]!), up(feed[token]!)];
      return add(x, down(gated.map((number, at) => (number / (1 + Math.exp(-number))) * wide[at]!)));
    });
    attention.push(looked);
  }
  const logits = matrix('lm_head', vocabulary, width);
  return { logits: stream.map(norm('model.norm')).map(logits), attention };
}

/** Turns the pairs `(i, i + headDim / 2)` of a head by its position. */
function turn(head: Vector, position: number, { headDim, rotary: { base } }: LlamaConfig): Vector {
  const half = headDim / 2;
  return head.map((value, at) => {
    const pair = at % half;
    const angle = position * base ** ((-2 * pair) / headDim);
    const other = at < half ? -head[at + half]! : head[at - half]!;
    return value * Math.cos(angle) + other * Math.sin(angle);
  });
}

function softmax(scores: Vector): Vector {
  const top = Math.max(...scores);
  const exponentials = scores.map(score => Math.exp(score - top));
  const sum = exponentials.reduce((total, one) => total + one, 0);
  return exponentials.map(one => one / sum);
}

const range = (count: number) => Array.from({ length: count }, (_, index) => index);
const dot = (a: Vector, b: Vector) => a.reduce((sum, value, at) => sum + value * b[at]!, 0);
const add = (a: Vector, b: Vector) => a.map((value, at) => value + b[at]!);
