/**
 * More of the tiny checkpoints as `convert_hf_to_gguf.py` would write them, under the names that llama.cpp gives their
 * architectures: the metadata that each converter writes, and what it does to the weights.
 */

import {
  type Conversion,
  convert,
  halvesToNeighbours,
  type Pack,
  packF32,
  type TinyConfig,
} from './gguf-of-fixture';
import { float32, type GgufParts, type GgufTestTensor, type GgufValue, text, uint32 } from './write-gguf';

function graniteMetadata(config: TinyConfig): Metadata {
  return {
    ...rms(config),
    embedding_scale: float32(config['embedding_multiplier']!),
    residual_scale: float32(config['residual_multiplier']!),
    logit_scale: float32(config['logits_scaling']!),
    'attention.scale': float32(config['attention_multiplier']!),
    'rope.dimension_count': uint32(8),
  };
}

interface Maker {
  /** Under `test/fixtures`. */
  readonly fixture: string;
  readonly make: (folder: string, pack: Pack) => GgufParts;
}

const layerNames = {
  'model.embed_tokens': 'token_embd',
  'model.norm': 'output_norm',
  lm_head: 'output',
  'model.layers.N.input_layernorm': 'blk.N.attn_norm',
  'model.layers.N.post_attention_layernorm': 'blk.N.ffn_norm',
  'model.layers.N.self_attn.q_proj': 'blk.N.attn_q',
  'model.layers.N.self_attn.k_proj': 'blk.N.attn_k',
  'model.layers.N.self_attn.v_proj': 'blk.N.attn_v',
  'model.layers.N.self_attn.o_proj': 'blk.N.attn_output',
  'model.layers.N.mlp.gate_proj': 'blk.N.ffn_gate',
  'model.layers.N.mlp.up_proj': 'blk.N.ffn_up',
  'model.layers.N.mlp.down_proj': 'blk.N.ffn_down',
};

type Metadata = Readonly<Record<string, GgufValue>>;

function maker(
  fixture: string,
  architecture: string,
  conversion: Partial<Omit<Conversion, 'metadata'>> & {
    readonly metadata?: (config: TinyConfig) => Metadata;
  },
): Maker {
  const { names = layerNames, change = (_, values, shape) => ({ values, shape }), metadata } = conversion;
  const keyed = (entries: Metadata) =>
    Object.fromEntries(Object.entries(entries).map(([key, value]) => [`${architecture}.${key}`, value]));
  const make = (folder: string, pack: Pack) =>
    convert(folder, pack, {
      names,
      change,
      metadata: config => ({
        'general.architecture': text(architecture),
        ...keyed({
          embedding_length: uint32(config['hidden_size']!),
          block_count: uint32(config['num_hidden_layers']!),
          'attention.head_count': uint32(config['num_attention_heads']!),
          'attention.head_count_kv': uint32(config['num_key_value_heads'] ?? config['num_attention_heads']!),
          feed_forward_length: uint32(config['intermediate_size']!),
          context_length: uint32(config['max_position_embeddings']!),
          vocab_size: uint32(config['vocab_size']!),
          ...metadata?.(config),
        }),
      }),
    });
  return { fixture, make };
}

const rms = (config: TinyConfig) => ({
  'attention.layer_norm_rms_epsilon': float32(config['rms_norm_eps']!),
});
const layerNorm = (epsilon: number) => ({ 'attention.layer_norm_epsilon': float32(epsilon) });
const headWidth = (config: TinyConfig) => ({
  'attention.key_length': uint32(config['head_dim']!),
  'attention.value_length': uint32(config['head_dim']!),
});

/** The norms of every Gemma are written with 1 added. */
const plusOne: Conversion['change'] = (name, values, shape) => ({
  values: name.endsWith('norm.weight') ? values.map(value => value + 1) : values,
  shape,
});

const scaledBy = (values: Float32Array, factor: number) => values.map(value => value * factor);

const gemma2Names = {
  ...layerNames,
  'model.layers.N.post_attention_layernorm': 'blk.N.post_attention_norm',
  'model.layers.N.pre_feedforward_layernorm': 'blk.N.ffn_norm',
  'model.layers.N.post_feedforward_layernorm': 'blk.N.post_ffw_norm',
  'model.layers.N.self_attn.q_norm': 'blk.N.attn_q_norm',
  'model.layers.N.self_attn.k_norm': 'blk.N.attn_k_norm',
};

const neoxNames = {
  'gpt_neox.embed_in': 'token_embd',
  'gpt_neox.final_layer_norm': 'output_norm',
  embed_out: 'output',
  'gpt_neox.layers.N.input_layernorm': 'blk.N.attn_norm',
  'gpt_neox.layers.N.post_attention_layernorm': 'blk.N.ffn_norm',
  'gpt_neox.layers.N.attention.query_key_value': 'blk.N.attn_qkv',
  'gpt_neox.layers.N.attention.dense': 'blk.N.attn_output',
  'gpt_neox.layers.N.mlp.dense_h_to_4h': 'blk.N.ffn_up',
  'gpt_neox.layers.N.mlp.dense_4h_to_h': 'blk.N.ffn_down',
};

const neox = (fixture: string, isParallel: boolean, turned: number, base: number): Maker =>
  maker(fixture, 'gptneox', {
    names: neoxNames,
    metadata: config => ({
      ...layerNorm(config['layer_norm_eps']!),
      use_parallel_residual: [7, isParallel],
      'rope.dimension_count': uint32(turned),
      'rope.freq_base': float32(base),
    }),
    change: (name, values, shape) => ({
      values: name.includes('query_key_value') ? headsToParts(values, 4, 8) : values,
      shape,
    }),
  });

/** `reshape(heads, 3, headDim, columns)`, then the three parts one after another. */
function headsToParts(values: Float32Array, heads: number, headDim: number): Float32Array {
  const length = values.length / heads / 3;
  const moved = new Float32Array(values.length);
  if (length % headDim !== 0) throw new RangeError(`${values.length} values in heads of ${headDim}`);
  for (let head = 0; head < heads; head++)
    for (let part = 0; part < 3; part++)
      moved.set(
        values.subarray((head * 3 + part) * length, (head * 3 + part + 1) * length),
        (part * heads + head) * length,
      );
  return moved;
}

const llamaOrder: Conversion['change'] = (name, values, shape) => {
  const heads = name.includes('q_proj') ? 4 : name.includes('k_proj') ? 2 : undefined;
  return { values: heads ? halvesToNeighbours(values, heads, shape[1]) : values, shape };
};

const phi3Names = {
  ...layerNames,
  'model.layers.N.self_attn.qkv_proj': 'blk.N.attn_qkv',
  'model.layers.N.mlp.gate_up_proj': 'blk.N.ffn_up',
};

const factors = (...values: number[]): GgufTestTensor => ({
  dims: [values.length],
  ...packF32(Float32Array.from(values)),
});

function phi3Longrope(): Maker {
  const { make, fixture } = maker('tiny-phi3-longrope', 'phi3', {
    names: phi3Names,
    metadata: config => ({
      ...rms(config),
      'rope.dimension_count': uint32(6),
      'rope.freq_base': float32(100),
      'rope.scaling.original_context_length': uint32(64),
      // sqrt(1 + ln(128 / 64) / ln(64))
      'rope.scaling.attn_factor': float32(Math.sqrt(7 / 6)),
      'attention.sliding_window': uint32(0),
    }),
  });
  return {
    fixture,
    make: (folder, pack) => {
      const { tensors, ...rest } = make(folder, pack);
      const scaled = {
        'rope_factors_long.weight': factors(1, 3, 9),
        'rope_factors_short.weight': factors(1, 1.5, 2.5),
      };
      return { ...rest, tensors: { ...tensors, ...scaled } };
    },
  };
}

/** Positions stretched by 4, of a base of 100. */
const stretchedLlama = (fixture: string, type: string): Maker =>
  maker(fixture, 'llama', {
    metadata: config => ({
      ...rms(config),
      'rope.freq_base': float32(100),
      'rope.scaling.type': text(type),
      'rope.scaling.factor': float32(4),
      'rope.scaling.original_context_length': uint32(32),
    }),
    change: llamaOrder,
  });

export const newerGgufs: Readonly<Record<string, Maker>> = {
  'llama, linear': stretchedLlama('tiny-llama-linear', 'linear'),
  'llama, YaRN': stretchedLlama('tiny-llama-yarn', 'yarn'),
  mistral: maker('tiny-mistral', 'llama', {
    metadata: config => ({
      ...rms(config),
      'attention.key_length': uint32(16),
      'attention.value_length': uint32(16),
    }),
    change: llamaOrder,
  }),
  gemma: maker('tiny-gemma', 'gemma', {
    metadata: config => ({ ...rms(config), ...headWidth(config) }),
    change: plusOne,
  }),
  gemma2: maker('tiny-gemma2', 'gemma2', {
    names: gemma2Names,
    metadata: config => ({
      ...rms(config),
      ...headWidth(config),
      'attention.sliding_window': uint32(config['sliding_window']!),
      attn_logit_softcapping: float32(config['attn_logit_softcapping']!),
      final_logit_softcapping: float32(config['final_logit_softcapping']!),
    }),
    // The fixture divides scores by the root of 24. For a file of this size we derive the root of 16, a head's width.
    change: (name, values, shape) =>
      plusOne(name, name.includes('q_proj') ? scaledBy(values, Math.sqrt(16 / 24)) : values, shape),
  }),
  gemma3: maker('tiny-gemma3', 'gemma3', {
    names: gemma2Names,
    metadata: config => ({
      ...rms(config),
      ...headWidth(config),
      'attention.sliding_window': uint32(config['sliding_window']!),
      'attention.sliding_window_pattern': uint32(2),
      'rope.freq_base': float32(1000),
      'rope.freq_base_swa': float32(100),
      'rope.scaling.type': text('linear'),
      'rope.scaling.factor': float32(4),
    }),
    // As above, with 12 and 8. Queries are normalised here, so the weights of the norm change instead.
    change: (name, values, shape) => {
      const changed = plusOne(name, values, shape);
      return {
        shape,
        values: name.includes('q_norm') ? scaledBy(changed.values, Math.sqrt(8 / 12)) : changed.values,
      };
    },
  }),
  granite: maker('tiny-granite', 'granite', { metadata: graniteMetadata, change: llamaOrder }),
  // The converter states the heads for each layer, because a layer of Mamba has none.
  granitehybrid: maker('tiny-granite', 'granitehybrid', {
    metadata: config => ({
      ...graniteMetadata(config),
      'attention.head_count_kv': [9, 5, [2, 2]],
      expert_count: uint32(0),
      'ssm.state_size': uint32(256),
    }),
    change: llamaOrder,
  }),
  starcoder2: maker('tiny-starcoder2', 'starcoder2', {
    names: {
      ...layerNames,
      'model.layers.N.mlp.c_fc': 'blk.N.ffn_up',
      'model.layers.N.mlp.c_proj': 'blk.N.ffn_down',
    },
    metadata: config => layerNorm(config['norm_epsilon']!),
  }),
  phi2: maker('tiny-phi', 'phi2', {
    names: {
      ...layerNames,
      'model.final_layernorm': 'output_norm',
      'model.layers.N.self_attn.dense': 'blk.N.attn_output',
      'model.layers.N.mlp.fc1': 'blk.N.ffn_up',
      'model.layers.N.mlp.fc2': 'blk.N.ffn_down',
    },
    metadata: config => ({
      ...layerNorm(config['layer_norm_eps']!),
      'rope.dimension_count': uint32(4),
      'rope.freq_base': float32(100),
    }),
  }),
  phi3: maker('tiny-phi3', 'phi3', {
    names: phi3Names,
    metadata: config => ({
      ...rms(config),
      'rope.dimension_count': uint32(8),
      'rope.scaling.original_context_length': uint32(4096),
      'attention.sliding_window': uint32(config['sliding_window']!),
    }),
  }),
  'phi3 with LongRoPE': phi3Longrope(),
  gptneox: neox('tiny-gpt-neox', true, 4, 100),
  'gptneox, serial': neox('tiny-gpt-neox-serial', false, 2, 10_000),
};
