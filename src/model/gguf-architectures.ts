/**
 * What GGUF calls things and what Hugging Face calls them, for each architecture: a table of metadata keys and one of
 * tensors. A new architecture is a new entry here; the graph itself is in a file of its own.
 * Source: https://github.com/ggml-org/llama.cpp, `gguf-py/gguf/constants.py` and `convert_hf_to_gguf.py`.
 */
import type { GgufFile } from '../files/gguf-file';
import { JsonFile } from '../files/json-file';
import { ModelFileError } from '../files/model-file-error';
import { ropeScaling } from './gguf-rope-scaling';
import { neighboursToHalves, partsToHeads, type RowOrder } from './permute-rows';

interface GgufArchitecture {
  /** `model_type` of a config.json. */
  readonly modelType: string;
  /** Field of a config.json -> metadata key, without the architecture's name. */
  readonly fields: Readonly<Record<string, string>>;
  /** Fields that metadata does not hold. */
  readonly constants?: Readonly<Record<string, unknown>>;
  /** Fields that follow from which tensors there are. */
  readonly isThere?: Readonly<Record<string, string>>;
  /** GGUF name -> Hugging Face name, without `.weight` and `.bias`; `N` is the layer. */
  readonly tensors: Readonly<Record<string, string>>;
  /** Rows of these GGUF tensors were moved. */
  readonly rowOrders?: Readonly<Record<string, (metadata: JsonFile) => RowOrder>>;
  readonly transposed?: readonly string[];
  /** Hugging Face stores these norms as weight - 1. */
  readonly storedPlusOne?: RegExp;
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

/** Gemma 2 and 3 have a norm behind each part, too. */
const sandwichedTensors = {
  ...llamaTensors,
  'blk.N.post_attention_norm': 'model.layers.N.post_attention_layernorm',
  'blk.N.ffn_norm': 'model.layers.N.pre_feedforward_layernorm',
  'blk.N.post_ffw_norm': 'model.layers.N.post_feedforward_layernorm',
};

/** The number of query heads, or of heads of keys and values, as the architecture's metadata says it. */
const headCount = (metadata: JsonFile, key: 'head_count' | 'head_count_kv'): number => {
  const prefix = `${metadata.string('general.architecture')}.attention`;
  const heads = metadata.integer(`${prefix}.head_count`, { max: 1024 });
  return key === 'head_count' ? heads : metadata.integer(`${prefix}.${key}`, { max: heads, fallback: heads });
};

const interleavedRotary = {
  'blk.N.attn_q': (metadata: JsonFile) => neighboursToHalves(headCount(metadata, 'head_count')),
  'blk.N.attn_k': (metadata: JsonFile) => neighboursToHalves(headCount(metadata, 'head_count_kv')),
};

const biases = { attention_bias: 'blk.0.attn_q.bias', mlp_bias: 'blk.0.ffn_up.bias' };

const llama: GgufArchitecture = {
  modelType: 'llama',
  fields: llamaFields,
  isThere: biases,
  tensors: llamaTensors,
  rowOrders: interleavedRotary,
};

const gemma: GgufArchitecture = {
  modelType: 'gemma',
  fields: llamaFields,
  constants: { hidden_activation: 'gelu_pytorch_tanh', hidden_act: 'gelu_pytorch_tanh' },
  tensors: llamaTensors,
  storedPlusOne: /norm$/,
};

/** By `general.architecture`. Mistral, SmolLM, Yi, CodeLlama and DeepSeek-Coder are `llama` there. */
const architectures: Readonly<Record<string, GgufArchitecture>> = {
  llama,
  granite: {
    ...llama,
    modelType: 'granite',
    fields: {
      ...llamaFields,
      embedding_multiplier: 'embedding_scale',
      residual_multiplier: 'residual_scale',
      attention_multiplier: 'attention.scale',
      logits_scaling: 'logit_scale',
    },
  },
  qwen2: { modelType: 'qwen2', fields: llamaFields, tensors: llamaTensors },
  qwen3: { modelType: 'qwen3', fields: llamaFields, isThere: biases, tensors: llamaTensors },
  gemma,
  gemma2: {
    ...gemma,
    modelType: 'gemma2',
    fields: {
      ...llamaFields,
      sliding_window: 'attention.sliding_window',
      attn_logit_softcapping: 'attn_logit_softcapping',
      final_logit_softcapping: 'final_logit_softcapping',
    },
    tensors: sandwichedTensors,
  },
  gemma3: {
    ...gemma,
    modelType: 'gemma3_text',
    fields: { ...llamaFields, sliding_window: 'attention.sliding_window' },
    tensors: sandwichedTensors,
  },
  starcoder2: {
    modelType: 'starcoder2',
    fields: {
      ...attentionFields,
      norm_epsilon: 'attention.layer_norm_epsilon',
      sliding_window: 'attention.sliding_window',
    },
    isThere: { use_bias: 'blk.0.attn_q.bias' },
    tensors: {
      ...llamaTensors,
      'blk.N.ffn_up': 'model.layers.N.mlp.c_fc',
      'blk.N.ffn_down': 'model.layers.N.mlp.c_proj',
    },
  },
  phi2: {
    modelType: 'phi',
    fields: { ...attentionFields, layer_norm_eps: 'attention.layer_norm_epsilon' },
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
    fields: { ...llamaFields, sliding_window: 'attention.sliding_window' },
    tensors: {
      ...llamaTensors,
      'blk.N.attn_qkv': 'model.layers.N.self_attn.qkv_proj',
      'blk.N.ffn_up': 'model.layers.N.mlp.gate_up_proj',
    },
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
  gptneox: {
    modelType: 'gpt_neox',
    fields: {
      ...attentionFields,
      layer_norm_eps: 'attention.layer_norm_epsilon',
      use_parallel_residual: 'use_parallel_residual',
    },
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
    rowOrders: { 'blk.N.attn_qkv': metadata => partsToHeads(headCount(metadata, 'head_count')) },
  },
};

export interface FoundArchitecture {
  readonly architecture: GgufArchitecture;
  readonly metadata: JsonFile;
}

/** @throws ModelFileError for an architecture that is not in the table, or a part of one that no graph has */
export function readGgufConfig(file: GgufFile): {
  readonly architecture: FoundArchitecture;
  readonly config: JsonFile;
} {
  const { metadata, tensors, path } = file;
  const name = metadata.string('general.architecture', { oneOf: Object.keys(architectures) });
  const architecture = architectures[name]!;
  const experts = `${name}.expert_count`;
  if (metadata.integer(experts, { min: 0, fallback: 0 }) > 0)
    throw metadata.wrong(experts, metadata.unknown(experts), '0: mixtures of experts are not supported');

  const names: Record<string, string> = { model_type: 'general.architecture' };
  const fields: Record<string, unknown> = { model_type: architecture.modelType, ...architecture.constants };
  for (const [field, key] of Object.entries(architecture.fields)) {
    names[field] = `${name}.${key}`;
    if (metadata.has(`${name}.${key}`)) fields[field] = metadata.unknown(`${name}.${key}`);
  }
  for (const [field, tensor] of Object.entries(architecture.isThere ?? {}))
    fields[field] = tensors.has(tensor);
  const embedding = tensors.get('token_embd.weight');
  if (embedding === undefined) throw new ModelFileError(path, "tensor 'token_embd.weight'", 'is missing');
  fields['vocab_size'] = embedding.shape[0];
  fields['tie_word_embeddings'] = name === 'gpt2' || !tensors.has('output.weight');
  Object.assign(fields, partialRotary(name, metadata), ropeScaling(name, file));
  return { architecture: { architecture, metadata }, config: JsonFile.of(path, fields, names) };
}

/** Some architectures turn only the first part of a head. */
function partialRotary(name: string, metadata: JsonFile): Record<string, unknown> {
  const key = `${name}.rope.dimension_count`;
  if (!metadata.has(key)) return {};
  const turned = metadata.integer(key, { max: 1024 });
  const width = metadata.integer(`${name}.embedding_length`, { max: 65_536 });
  const heads = metadata.integer(`${name}.attention.head_count`, { max: 1024 });
  const headDim = metadata.integer(`${name}.attention.key_length`, {
    max: 1024,
    fallback: Math.floor(width / heads),
  });
  if (turned === headDim) return {};
  if (name === 'gptneox') return { rotary_pct: turned / headDim };
  if (name === 'phi2' || name === 'phi3') return { partial_rotary_factor: turned / headDim };
  throw metadata.wrong(key, turned, `the ${headDim} of a whole head`);
}

export interface FoundTensor {
  /** Hugging Face's. */
  readonly name: string;
  readonly rowOrder?: RowOrder;
  readonly isTransposed?: boolean;
  readonly addend?: number;
}

/** @returns undefined for a tensor that the architecture does not have */
export function findTensor(
  { architecture, metadata }: FoundArchitecture,
  name: string,
): FoundTensor | undefined {
  const match = /^(?:blk\.(\d+)\.)?(.+)\.(weight|bias)$/.exec(name);
  if (!match) return undefined;
  const [, layer, part, kind] = match;
  const pattern = layer === undefined ? part! : `blk.N.${part}`;
  const found = Object.hasOwn(architecture.tensors, pattern) ? architecture.tensors[pattern] : undefined;
  if (found === undefined) return undefined;
  const rowOrder = architecture.rowOrders?.[pattern]?.(metadata);
  return {
    name: `${found.replace('.N.', `.${layer}.`)}.${kind}`,
    ...(rowOrder && { rowOrder }),
    ...(kind === 'weight' && architecture.transposed?.includes(pattern) && { isTransposed: true }),
    ...(kind === 'weight' && architecture.storedPlusOne?.test(pattern) && { addend: -1 }),
  };
}
