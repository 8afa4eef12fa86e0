/**
 * What GGUF calls things and what Hugging Face calls them, for each architecture: a table of metadata keys and one of
 * tensors. A new architecture is a new entry here; the graph itself is in a file of its own.
 * Source: https://github.com/ggml-org/llama.cpp, `gguf-py/gguf/constants.py` and `convert_hf_to_gguf.py`.
 */
import type { GgufFile } from '../files/gguf-file';
import { JsonFile } from '../files/json-file';
import { ModelFileError } from '../files/model-file-error';
import { ropeScaling } from './gguf-rope-scaling';
import { neighboursToHalves, type RowOrder } from './permute-rows';

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

/**
 * By `general.architecture`. Mistral, SmolLM, Yi, CodeLlama and DeepSeek-Coder are `llama` there. Only what a test holds
 * to the reference is in this table: a GGUF does not say all that a config.json does (Gemma's attention scale, say).
 */
const architectures: Readonly<Record<string, GgufArchitecture>> = {
  llama,
  qwen2: { modelType: 'qwen2', fields: llamaFields, tensors: llamaTensors },
  qwen3: { modelType: 'qwen3', fields: llamaFields, isThere: biases, tensors: llamaTensors },
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
  requireWholeRotary(name, metadata);
  Object.assign(fields, ropeScaling(name, file));
  return { architecture: { architecture, metadata }, config: JsonFile.of(path, fields, names) };
}

/** None of these architectures turns only a part of a head. */
function requireWholeRotary(name: string, metadata: JsonFile): void {
  const key = `${name}.rope.dimension_count`;
  if (!metadata.has(key)) return;
  const turned = metadata.integer(key, { max: 1024 });
  const width = metadata.integer(`${name}.embedding_length`, { max: 65_536 });
  const heads = metadata.integer(`${name}.attention.head_count`, { max: 1024 });
  const headDim = metadata.integer(`${name}.attention.key_length`, {
    max: 1024,
    fallback: Math.floor(width / heads),
  });
  if (turned !== headDim) throw metadata.wrong(key, turned, `the ${headDim} of a whole head`);
}

export interface FoundTensor {
  /** Hugging Face's. */
  readonly name: string;
  readonly rowOrder?: RowOrder;
  readonly isTransposed?: boolean;
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
  };
}
