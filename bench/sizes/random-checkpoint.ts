/**
 * Writes a checkpoint in the shape of a published model, with random weights. There are as many tensors and bytes to
 * read, round and multiply, and no model to download. What such a model writes is noise.
 */
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface CheckpointShape {
  readonly config: Readonly<Record<string, string | number | boolean>>;
  /** In the order of the file. */
  readonly tensors: readonly (readonly [name: string, shape: readonly number[]])[];
}

/** GPT-2's (Radford et al. 2019), as Hugging Face configures it. */
export function gpt2Shape(layers: number, width: number, heads: number): CheckpointShape {
  const vocabulary = 50_257;
  const contextLength = 1024;
  const vectors = (name: string, size: number): CheckpointShape['tensors'] => [
    [`${name}.weight`, [size]],
    [`${name}.bias`, [size]],
  ];
  /** `Conv1D`: `[inputs, outputs]`. */
  const matrix = (name: string, inputs: number, outputs: number): CheckpointShape['tensors'] => [
    [`${name}.weight`, [inputs, outputs]],
    [`${name}.bias`, [outputs]],
  ];
  return {
    config: {
      model_type: 'gpt2',
      n_embd: width,
      n_head: heads,
      n_layer: layers,
      n_positions: contextLength,
      vocab_size: vocabulary,
    },
    tensors: [
      ['wte.weight', [vocabulary, width]],
      ['wpe.weight', [contextLength, width]],
      ...Array.from({ length: layers }, (_, layer) => [
        ...vectors(`h.${layer}.ln_1`, width),
        ...matrix(`h.${layer}.attn.c_attn`, width, 3 * width),
        ...matrix(`h.${layer}.attn.c_proj`, width, width),
        ...vectors(`h.${layer}.ln_2`, width),
        ...matrix(`h.${layer}.mlp.c_fc`, width, 4 * width),
        ...matrix(`h.${layer}.mlp.c_proj`, 4 * width, width),
      ]).flat(),
      ...vectors('ln_f', width),
    ],
  };
}

/** LLaMA's (Touvron et al., arXiv 2302.13971, table 2). @param inner the feed-forward width of the released checkpoint */
export function llamaShape(layers: number, width: number, heads: number, inner: number): CheckpointShape {
  const vocabulary = 32_000;
  return {
    config: {
      model_type: 'llama',
      hidden_size: width,
      intermediate_size: inner,
      num_attention_heads: heads,
      num_hidden_layers: layers,
      max_position_embeddings: 2048,
      rms_norm_eps: 1e-6,
      tie_word_embeddings: false,
      vocab_size: vocabulary,
    },
    tensors: [
      ['model.embed_tokens.weight', [vocabulary, width]],
      ...Array.from({ length: layers }, (_, layer): CheckpointShape['tensors'] => [
        [`model.layers.${layer}.input_layernorm.weight`, [width]],
        ...['q', 'k', 'v', 'o'].map(
          name => [`model.layers.${layer}.self_attn.${name}_proj.weight`, [width, width]] as const,
        ),
        [`model.layers.${layer}.post_attention_layernorm.weight`, [width]],
        [`model.layers.${layer}.mlp.gate_proj.weight`, [inner, width]],
        [`model.layers.${layer}.mlp.up_proj.weight`, [inner, width]],
        [`model.layers.${layer}.mlp.down_proj.weight`, [width, inner]],
      ]).flat(),
      ['model.norm.weight', [width]],
      ['lm_head.weight', [vocabulary, width]],
    ],
  };
}

export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Writes `config.json` and `model.safetensors`, in F16. @param folder an existing one */
export function writeRandomCheckpoint(folder: string, { config, tensors }: CheckpointShape): void {
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  let bytes = 0;
  const header = Object.fromEntries(
    tensors.map(([name, shape]) => {
      const start = bytes;
      bytes += 2 * elementsOf(shape);
      return [name, { dtype: 'F16', shape, data_offsets: [start, bytes] }];
    }),
  );
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const file = openSync(join(folder, 'model.safetensors'), 'wx');
  try {
    writeSync(file, Buffer.concat([length, text]));
    const weights = randomHalves();
    for (let left = bytes; left > 0; )
      left -= writeSync(file, weights, 0, Math.min(left, weights.byteLength));
  } finally {
    closeSync(file);
  }
}

/**
 * 2 MB of small F16 numbers, which a file repeats: rounding looks at one block at a time. Signs and fractions are random.
 * Exponents are 7 to 10, so magnitudes are 2^-8 to 2^-4, and no sum overflows.
 */
function randomHalves(): Uint16Array {
  let state = 1;
  return Uint16Array.from({ length: 1 << 20 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    const bits = state >>> 14;
    return (bits & 0x83ff) | ((7 + ((bits >>> 10) & 3)) << 10);
  });
}
