/**
 * For each architecture, two tables from GGUF's names to Hugging Face's: metadata keys and tensors. A new architecture
 * is a new entry here. Its graph is in a file of its own.
 *
 * Each entry is here only because a test compares its logits with transformers'. A value that a file does not state is
 * derived as llama.cpp derives it (`constants`, `derive`), or the file is refused (gguf-config.ts).
 * Sources: https://github.com/ggml-org/llama.cpp, `gguf-py/gguf/constants.py`, `tensor_mapping.py`,
 * `convert_hf_to_gguf.py`, and for what is derived `src/llama-model.cpp`.
 */

import type { ArchitectureMetadata } from './gguf-metadata';

/** From a row of Hugging Face's matrix to the same row in the file. @param rows of the whole matrix */
export type RowOrder = (row: number, rows: number) => number;

export interface GgufArchitecture {
  /** `model_type` of a config.json. */
  readonly modelType: string;
  /** Field of a config.json -> metadata key, without the architecture's name. */
  readonly fields: Readonly<Record<string, string>>;
  /** Values of fields that the metadata does not hold, or may leave out. */
  readonly constants?: Readonly<Record<string, unknown>>;
  /** Fields that follow from other metadata. */
  readonly derive?: (metadata: ArchitectureMetadata) => Readonly<Record<string, unknown>>;
  /** Field -> the tensor whose presence makes it true. */
  readonly isThere?: Readonly<Record<string, string>>;
  /** The field for the share of a head that is turned, if it may be less than the whole. */
  readonly turnedShare?: string;
  /** GGUF name -> Hugging Face name, without `.weight` and `.bias`; `N` is the layer. */
  readonly tensors: Readonly<Record<string, string>>;
  /** GGUF tensors whose rows were moved, with the order. */
  readonly rowOrders?: Readonly<Record<string, (metadata: ArchitectureMetadata) => RowOrder>>;
  readonly transposed?: readonly string[];
  /** GGUF tensors that were written with 1 added. */
  readonly plusOne?: RegExp;
}

const attentionFields = {
  hidden_size: 'embedding_length',
  num_hidden_layers: 'block_count',
  num_attention_heads: 'attention.head_count',
  num_key_value_heads: 'attention.head_count_kv',
  head_dim: 'attention.key_length',
  intermediate_size: 'feed_forward_length',
  max_position_embeddings: 'context_length',
  rope_theta: 'rope.freq_base',
};

const llamaFields = { ...attentionFields, rms_norm_eps: 'attention.layer_norm_rms_epsilon' };

const ends = {
  token_embd: 'model.embed_tokens',
  output_norm: 'model.norm',
  output: 'lm_head',
};

const attentionTensors = {
  'blk.N.attn_norm': 'model.layers.N.input_layernorm',
  'blk.N.attn_q': 'model.layers.N.self_attn.q_proj',
  'blk.N.attn_k': 'model.layers.N.self_attn.k_proj',
  'blk.N.attn_v': 'model.layers.N.self_attn.v_proj',
  'blk.N.attn_output': 'model.layers.N.self_attn.o_proj',
  'blk.N.attn_q_norm': 'model.layers.N.self_attn.q_norm',
  'blk.N.attn_k_norm': 'model.layers.N.self_attn.k_norm',
};

const llamaTensors = {
  ...ends,
  ...attentionTensors,
  'blk.N.ffn_norm': 'model.layers.N.post_attention_layernorm',
  'blk.N.ffn_gate': 'model.layers.N.mlp.gate_proj',
  'blk.N.ffn_up': 'model.layers.N.mlp.up_proj',
  'blk.N.ffn_down': 'model.layers.N.mlp.down_proj',
};

const interleavedRotary = {
  'blk.N.attn_q': (metadata: ArchitectureMetadata) => neighboursToHalves(metadata.heads),
  'blk.N.attn_k': (metadata: ArchitectureMetadata) => neighboursToHalves(metadata.kvHeads),
};

const biases = { attention_bias: 'blk.0.attn_q.bias', mlp_bias: 'blk.0.ffn_up.bias' };

const llama: GgufArchitecture = {
  modelType: 'llama',
  fields: llamaFields,
  isThere: biases,
  tensors: llamaTensors,
  rowOrders: interleavedRotary,
};

/** A file of the first Gemma does not state the base of its positions. */
const gemma: GgufArchitecture = {
  modelType: 'gemma',
  fields: llamaFields,
  tensors: llamaTensors,
  plusOne: /norm\.weight$/,
};

const gemma2: GgufArchitecture = {
  ...gemma,
  modelType: 'gemma2',
  fields: {
    ...llamaFields,
    sliding_window: 'attention.sliding_window',
    attn_logit_softcapping: 'attn_logit_softcapping',
    final_logit_softcapping: 'final_logit_softcapping',
  },
  constants: { sliding_window: 4096 },
  derive: metadata => gemmaScoreScale(metadata, 46),
  tensors: {
    ...llamaTensors,
    'blk.N.post_attention_norm': 'model.layers.N.post_attention_layernorm',
    'blk.N.ffn_norm': 'model.layers.N.pre_feedforward_layernorm',
    'blk.N.post_ffw_norm': 'model.layers.N.post_feedforward_layernorm',
  },
};

/** Queries are divided by the root of this: the width of a head, but in the model of 27 billion, width / heads. */
function gemmaScoreScale(metadata: ArchitectureMetadata, layersOf27b: number) {
  const { layers, width, heads, headDim } = metadata;
  return { query_pre_attn_scalar: layers === layersOf27b ? Math.floor(width / heads) : headDim };
}

/** If the file states no scale, Granite's scores are scaled as LLaMA's. */
function graniteScoreScale(metadata: ArchitectureMetadata) {
  if (metadata.unknown('rope.scaling.finetuned') === false)
    throw metadata.wrong('rope.scaling.finetuned', 'true: Granite without positions is not supported');
  return { attention_multiplier: metadata.headDim ** -0.5 };
}

const granite: GgufArchitecture = {
  ...llama,
  modelType: 'granite',
  fields: {
    ...llamaFields,
    embedding_multiplier: 'embedding_scale',
    attention_multiplier: 'attention.scale',
    residual_multiplier: 'residual_scale',
    logits_scaling: 'logit_scale',
  },
  derive: graniteScoreScale,
};

/**
 * By `general.architecture`. Mistral, SmolLM, Yi, CodeLlama and DeepSeek-Coder are `llama` there. The first Mistral 7B
 * sees 4096 tokens, but no file states it. GPT-J has a name in GGUF but no graph in llama.cpp.
 */
export const ggufArchitectures: Readonly<Record<string, GgufArchitecture>> = {
  llama,
  qwen2: { modelType: 'qwen2', fields: llamaFields, tensors: llamaTensors },
  qwen3: { modelType: 'qwen3', fields: llamaFields, isThere: biases, tensors: llamaTensors },
  gemma,
  gemma2,
  gemma3: {
    ...gemma2,
    modelType: 'gemma3_text',
    fields: {
      ...gemma2.fields,
      rope_local_base_freq: 'rope.freq_base_swa',
      sliding_window_pattern: 'attention.sliding_window_pattern',
    },
    constants: { rope_theta: 10_000 },
    derive: metadata => gemmaScoreScale(metadata, 62),
  },
  granite,
  // Files of Granite 4 with attention in every layer. Newer converters call these granite.
  granitehybrid: granite,
  // Every published StarCoder2 has this window. llama.cpp lets it see everything.
  starcoder2: {
    modelType: 'starcoder2',
    fields: { ...attentionFields, norm_epsilon: 'attention.layer_norm_epsilon' },
    constants: { sliding_window: 4096 },
    tensors: {
      ...ends,
      ...attentionTensors,
      'blk.N.ffn_norm': 'model.layers.N.post_attention_layernorm',
      'blk.N.ffn_up': 'model.layers.N.mlp.c_fc',
      'blk.N.ffn_down': 'model.layers.N.mlp.c_proj',
    },
  },
  phi2: {
    modelType: 'phi',
    fields: { ...attentionFields, layer_norm_eps: 'attention.layer_norm_epsilon' },
    turnedShare: 'partial_rotary_factor',
    tensors: {
      ...ends,
      ...attentionTensors,
      output_norm: 'model.final_layernorm',
      'blk.N.attn_output': 'model.layers.N.self_attn.dense',
      'blk.N.ffn_up': 'model.layers.N.mlp.fc1',
      'blk.N.ffn_down': 'model.layers.N.mlp.fc2',
    },
  },
  phi3: {
    modelType: 'phi3',
    fields: {
      ...llamaFields,
      sliding_window: 'attention.sliding_window',
      original_max_position_embeddings: 'rope.scaling.original_context_length',
    },
    turnedShare: 'partial_rotary_factor',
    tensors: {
      ...llamaTensors,
      'blk.N.attn_qkv': 'model.layers.N.self_attn.qkv_proj',
      'blk.N.ffn_up': 'model.layers.N.mlp.gate_up_proj',
    },
  },
  // No file says which GELU it needs. llama.cpp and GPT-NeoX 20B use the approximation. Pythia was trained with the
  // exact one.
  gptneox: {
    modelType: 'gpt_neox',
    fields: {
      ...attentionFields,
      rotary_emb_base: 'rope.freq_base',
      layer_norm_eps: 'attention.layer_norm_epsilon',
      use_parallel_residual: 'use_parallel_residual',
    },
    constants: { hidden_act: 'gelu_fast' },
    turnedShare: 'rotary_pct',
    tensors: {
      token_embd: 'gpt_neox.embed_in',
      output_norm: 'gpt_neox.final_layer_norm',
      output: 'embed_out',
      'blk.N.attn_norm': 'gpt_neox.layers.N.input_layernorm',
      'blk.N.attn_qkv': 'gpt_neox.layers.N.attention.query_key_value',
      'blk.N.attn_output': 'gpt_neox.layers.N.attention.dense',
      'blk.N.ffn_norm': 'gpt_neox.layers.N.post_attention_layernorm',
      'blk.N.ffn_up': 'gpt_neox.layers.N.mlp.dense_h_to_4h',
      'blk.N.ffn_down': 'gpt_neox.layers.N.mlp.dense_4h_to_h',
    },
    rowOrders: { 'blk.N.attn_qkv': ({ heads }) => headsToParts(heads) },
  },
  gpt2: {
    modelType: 'gpt2',
    fields: {
      n_embd: 'embedding_length',
      n_layer: 'block_count',
      n_head: 'attention.head_count',
      n_positions: 'context_length',
      n_inner: 'feed_forward_length',
      layer_norm_epsilon: 'attention.layer_norm_epsilon',
    },
    constants: { tie_word_embeddings: true },
    tensors: {
      token_embd: 'wte',
      position_embd: 'wpe',
      output_norm: 'ln_f',
      'blk.N.attn_norm': 'h.N.ln_1',
      'blk.N.attn_qkv': 'h.N.attn.c_attn',
      'blk.N.attn_output': 'h.N.attn.c_proj',
      'blk.N.ffn_norm': 'h.N.ln_2',
      'blk.N.ffn_up': 'h.N.mlp.c_fc',
      'blk.N.ffn_down': 'h.N.mlp.c_proj',
    },
    transposed: ['blk.N.attn_qkv', 'blk.N.attn_output', 'blk.N.ffn_up', 'blk.N.ffn_down'],
  },
};

/**
 * Rotary positions turn pairs of a head's numbers. Hugging Face pairs `i` with `i + headDim / 2` (halves). ggml's
 * `llama` pairs neighbours, so llama.cpp's converter moved the rows of queries and keys.
 */
function neighboursToHalves(heads: number): RowOrder {
  return (row, rows) => {
    const headDim = rows / heads;
    const within = row % headDim;
    const half = headDim / 2;
    return row - within + 2 * (within % half) + Math.floor(within / half);
  };
}

/**
 * GPT-NeoX joins queries, keys and values. Hugging Face has a head's three parts together. The file has all queries,
 * then all keys, then all values.
 */
function headsToParts(heads: number): RowOrder {
  return (row, rows) => {
    const headDim = rows / heads / 3;
    const part = Math.floor(row / headDim);
    return ((part % 3) * heads + Math.floor(part / 3)) * headDim + (row % headDim);
  };
}
