/**
 * The tiny checkpoints as llama.cpp's `convert_hf_to_gguf.py` would write them, with its names and its order of rows.
 * For queries and keys it has `reshape(heads, 2, headDim / 2, columns).swapaxes(1, 2)`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSafetensors } from '../../src/checkpoint/safetensors';
import { float32, type GgufParts, type GgufTestTensor, type GgufValue, text, uint32 } from './write-gguf';

export interface Packed {
  readonly type: number;
  readonly data: Uint8Array;
}
/** Packs a matrix's rows one after another. */
export type Pack = (values: Float32Array) => Packed;

const bytesOf = (values: Float32Array) => new Uint8Array(Float32Array.from(values).buffer);

export const packF32: Pack = values => ({ type: 0, data: bytesOf(values) });

/** Blocks of 32: a scale, then whole numbers. */
export const packQ8_0: Pack = values =>
  packBlocks(8, values, block => {
    const scale = roundToHalf(Math.max(...block.map(Math.abs)) / 127);
    return [...halfBytes(scale), ...block.map(value => Math.round(value / scale) & 0xff)];
  });

/** Blocks of 32: a scale, a minimum, then value i in the lower and value i + 16 in the upper half of a byte. */
export const packQ4_1: Pack = values =>
  packBlocks(3, values, block => {
    const minimum = roundToHalf(Math.min(...block));
    const scale = roundToHalf((Math.max(...block) - minimum) / 15);
    const levels = block.map(value => Math.max(0, Math.min(15, Math.round((value - minimum) / scale))));
    const halves = levels.slice(0, 16).map((level, i) => level | (levels[i + 16]! << 4));
    return [...halfBytes(scale), ...halfBytes(minimum), ...halves];
  });

function packBlocks(type: number, values: Float32Array, pack: (block: number[]) => number[]): Packed {
  const bytes: number[] = [];
  for (let at = 0; at < values.length; at += 32) bytes.push(...pack([...values.subarray(at, at + 32)]));
  return { type, data: Uint8Array.from(bytes) };
}

/** A config.json's numbers. */
export type TinyConfig = Readonly<Record<string, number>>;

/** LLaMA, and architectures with the same names. Only in `llama` are the rows of queries and keys moved. */
const ggufLike =
  (architecture: 'llama' | 'qwen2' | 'qwen3') =>
  (folder: string, pack: Pack): GgufParts => {
    const heads = { q_proj: 4, k_proj: 2 };
    return convert(folder, pack, {
      names: {
        'model.embed_tokens': 'token_embd',
        'model.norm': 'output_norm',
        lm_head: 'output',
        'model.layers.N.input_layernorm': 'blk.N.attn_norm',
        'model.layers.N.post_attention_layernorm': 'blk.N.ffn_norm',
        'model.layers.N.self_attn.q_proj': 'blk.N.attn_q',
        'model.layers.N.self_attn.k_proj': 'blk.N.attn_k',
        'model.layers.N.self_attn.v_proj': 'blk.N.attn_v',
        'model.layers.N.self_attn.q_norm': 'blk.N.attn_q_norm',
        'model.layers.N.self_attn.k_norm': 'blk.N.attn_k_norm',
        'model.layers.N.self_attn.o_proj': 'blk.N.attn_output',
        'model.layers.N.mlp.gate_proj': 'blk.N.ffn_gate',
        'model.layers.N.mlp.up_proj': 'blk.N.ffn_up',
        'model.layers.N.mlp.down_proj': 'blk.N.ffn_down',
      },
      metadata: config => ({
        'general.architecture': text(architecture),
        [`${architecture}.embedding_length`]: uint32(config['hidden_size']!),
        [`${architecture}.block_count`]: uint32(config['num_hidden_layers']!),
        [`${architecture}.attention.head_count`]: uint32(config['num_attention_heads']!),
        [`${architecture}.attention.head_count_kv`]: uint32(config['num_key_value_heads']!),
        // Written if a head is not width / heads wide, as in Qwen3.
        ...(architecture === 'qwen3' && {
          'qwen3.attention.key_length': uint32(config['head_dim']!),
          'qwen3.attention.value_length': uint32(config['head_dim']!),
        }),
        [`${architecture}.feed_forward_length`]: uint32(config['intermediate_size']!),
        [`${architecture}.context_length`]: uint32(config['max_position_embeddings']!),
        [`${architecture}.attention.layer_norm_rms_epsilon`]: float32(config['rms_norm_eps']!),
        [`${architecture}.rope.freq_base`]: float32(10_000),
      }),
      change: (name, values, shape) => {
        const part = name.match(/(q_proj|k_proj)/)?.[0] as keyof typeof heads | undefined;
        return part && architecture === 'llama'
          ? { values: halvesToNeighbours(values, heads[part], shape[1]), shape }
          : { values, shape };
      },
    });
  };

export const ggufOfTinyLlama = ggufLike('llama');
export const ggufOfTinyQwen2 = ggufLike('qwen2');
export const ggufOfTinyQwen3 = ggufLike('qwen3');

export function ggufOfTinyGpt2(folder: string, pack: Pack): GgufParts {
  return convert(folder, pack, {
    names: {
      wte: 'token_embd',
      wpe: 'position_embd',
      ln_f: 'output_norm',
      'h.N.ln_1': 'blk.N.attn_norm',
      'h.N.ln_2': 'blk.N.ffn_norm',
      'h.N.attn.c_attn': 'blk.N.attn_qkv',
      'h.N.attn.c_proj': 'blk.N.attn_output',
      'h.N.mlp.c_fc': 'blk.N.ffn_up',
      'h.N.mlp.c_proj': 'blk.N.ffn_down',
    },
    metadata: config => ({
      'general.architecture': text('gpt2'),
      'gpt2.embedding_length': uint32(config['n_embd']!),
      'gpt2.block_count': uint32(config['n_layer']!),
      'gpt2.attention.head_count': uint32(config['n_head']!),
      'gpt2.feed_forward_length': uint32(4 * config['n_embd']!),
      'gpt2.context_length': uint32(config['n_positions']!),
      'gpt2.attention.layer_norm_epsilon': float32(config['layer_norm_epsilon']!),
    }),
    change: (name, values, shape) =>
      /\.c_(attn|proj|fc)\.weight$/.test(name) ? transposed(values, shape) : { values, shape },
  });
}

export interface Tensor {
  readonly values: Float32Array;
  readonly shape: readonly number[];
}

export interface Conversion {
  readonly names: Readonly<Record<string, string>>;
  readonly metadata: (config: TinyConfig) => Record<string, GgufValue>;
  readonly change: (name: string, values: Float32Array, shape: readonly number[]) => Tensor;
}

export function convert(folder: string, pack: Pack, { names, metadata, change }: Conversion): GgufParts {
  const source = openSafetensors(join(folder, 'model.safetensors'));
  const tensors: Record<string, GgufTestTensor> = {};
  for (const name of source.names) {
    const [, root, kind] = /^(?:transformer\.)?(.+)\.(weight|bias)$/.exec(name)!;
    const stored = names[root!.replace(/\.\d+\./, '.N.')]!;
    const layer = /\.(\d+)\./.exec(root!)?.[1] ?? '';
    const shape = source.shape(name);
    const changed = change(name, source.read(name, shape), shape);
    const { type, data } = changed.shape.length === 2 ? pack(changed.values) : packF32(changed.values);
    tensors[`${stored.replace('.N.', `.${layer}.`)}.${kind}`] = {
      dims: [...changed.shape].reverse(),
      type,
      data,
    };
  }
  source.close();
  const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'));
  return { metadata: metadata(config), tensors };
}

/** `reshape(heads, 2, half, columns).swapaxes(1, 2)` */
export function halvesToNeighbours(values: Float32Array, heads: number, columns = 64): Float32Array {
  const half = values.length / columns / heads / 2;
  const moved: number[] = [];
  for (let head = 0; head < heads; head++)
    for (let i = 0; i < half; i++)
      for (let part = 0; part < 2; part++) {
        const row = (head * 2 + part) * half + i;
        moved.push(...values.subarray(row * columns, (row + 1) * columns));
      }
  return Float32Array.from(moved);
}

function transposed(values: Float32Array, [rows, columns]: readonly number[]): Tensor {
  const turned = values.map((_, i) => values[(i % rows!) * columns! + Math.floor(i / rows!)]!);
  return { values: turned, shape: [columns!, rows!] };
}

/** A half float with a smaller exponent has no leading one: it is subnormal, and its step stays the same. */
const minExponent = -14;

/** The half float nearest to a number that is not large. */
function roundToHalf(value: number): number {
  if (value === 0) return 0;
  const step = 2 ** (Math.max(minExponent, Math.floor(Math.log2(Math.abs(value)))) - 10);
  return Math.round(value / step) * step;
}

/** @param value a result of `roundToHalf` */
function halfBytes(value: number): readonly [number, number] {
  if (value === 0) return [0, 0];
  const exponent = Math.max(minExponent, Math.floor(Math.log2(Math.abs(value))));
  const steps = Math.abs(value) / 2 ** (exponent - 10);
  // 1024 steps and more carry into the exponent; a subnormal number has fewer.
  const bits = (value < 0 ? 0x8000 : 0) | (((exponent + 14) << 10) + steps);
  return [bits & 0xff, bits >> 8];
}
