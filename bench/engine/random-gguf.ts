/**
 * A LLaMA of any shape with random weights, as a GGUF file that Sotto and llama.cpp both open. It is as fast as a trained
 * model of that shape. Layers are Q4_0 or Q8_0. The embedding table is Q8_0, and is the output matrix too.
 */
import { writeFileSync } from 'node:fs';
import {
  float32,
  type GgufTestTensor,
  type GgufValue,
  ggufBytes,
  text,
  texts,
  uint32,
} from '../../test/checkpoint/write-gguf';
import { createRandom, type Random } from '../../test/random';

export interface LlamaShape {
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly feedForward: number;
  readonly vocabulary: number;
  readonly contextLength: number;
}

const headDim = 64;
const blockElements = 32;
/** ggml's number of the type, and the bytes that a block has after its scale. */
const q4 = { type: 2, levels: 16 };
const q8 = { type: 8, levels: 32 };

/** @param bits of a weight in the layers */
export function writeRandomGguf(path: string, shape: LlamaShape, bits: 4 | 8): void {
  const { layers, width, heads, kvHeads, feedForward, vocabulary } = shape;
  const random = createRandom(1);
  const matrix = (
    rows: number,
    columns: number,
    { type, levels } = bits === 4 ? q4 : q8,
  ): GgufTestTensor => ({
    dims: [columns, rows],
    type,
    data: randomBlocks((rows * columns) / blockElements, levels, random),
  });
  const ones = (size: number): GgufTestTensor => ({
    dims: [size],
    type: 0,
    data: new Uint8Array(new Float32Array(size).fill(1).buffer),
  });
  const layer = (name: string): Record<string, GgufTestTensor> => ({
    [`${name}.attn_norm.weight`]: ones(width),
    [`${name}.attn_q.weight`]: matrix(heads * headDim, width),
    [`${name}.attn_k.weight`]: matrix(kvHeads * headDim, width),
    [`${name}.attn_v.weight`]: matrix(kvHeads * headDim, width),
    [`${name}.attn_output.weight`]: matrix(width, heads * headDim),
    [`${name}.ffn_norm.weight`]: ones(width),
    [`${name}.ffn_gate.weight`]: matrix(feedForward, width),
    [`${name}.ffn_up.weight`]: matrix(feedForward, width),
    [`${name}.ffn_down.weight`]: matrix(width, feedForward),
  });
  const tensors = {
    'token_embd.weight': matrix(vocabulary, width, q8),
    ...Object.assign({}, ...Array.from({ length: layers }, (_, i) => layer(`blk.${i}`))),
    'output_norm.weight': ones(width),
  };
  writeFileSync(path, ggufBytes({ metadata: metadataOf(shape), tensors }));
}

/** Blocks of a fixed scale and random levels. With these scales no sum is zero, and none overflows. */
function randomBlocks(blocks: number, levels: number, random: Random): Uint8Array {
  const bytes = new Uint8Array(blocks * (2 + levels)).map(() => random.below(256));
  const scale = levels === q4.levels ? 0x2200 : 0x1200; // 2^-7 and 2^-11 times 1.5, as halves
  for (let at = 0; at < bytes.length; at += 2 + levels) {
    bytes[at] = scale & 0xff;
    bytes[at + 1] = scale >> 8;
  }
  return bytes;
}

function metadataOf(shape: LlamaShape): Record<string, GgufValue> {
  const { layers, width, heads, kvHeads, feedForward, vocabulary, contextLength } = shape;
  return {
    'general.architecture': text('llama'),
    'llama.embedding_length': uint32(width),
    'llama.block_count': uint32(layers),
    'llama.attention.head_count': uint32(heads),
    'llama.attention.head_count_kv': uint32(kvHeads),
    'llama.attention.key_length': uint32(headDim),
    'llama.attention.value_length': uint32(headDim),
    'llama.rope.dimension_count': uint32(headDim),
    'llama.feed_forward_length': uint32(feedForward),
    'llama.context_length': uint32(contextLength),
    'llama.attention.layer_norm_rms_epsilon': float32(1e-5),
    'llama.rope.freq_base': float32(10_000),
    'llama.vocab_size': uint32(vocabulary),
    // llama.cpp opens no model without a vocabulary. This one tokenizes nothing.
    'tokenizer.ggml.model': text('gpt2'),
    'tokenizer.ggml.pre': text('gpt-2'),
    'tokenizer.ggml.tokens': texts(Array.from({ length: vocabulary }, (_, i) => tokenOf(i))),
    'tokenizer.ggml.token_type': [9, 5, new Array<number>(vocabulary).fill(1)],
    'tokenizer.ggml.merges': texts(['! "']),
    'tokenizer.ggml.eos_token_id': uint32(vocabulary - 1),
    'tokenizer.ggml.bos_token_id': uint32(vocabulary - 1),
  };
}

/** The printable ASCII characters, then invented names. */
function tokenOf(id: number): string {
  return id < 94 ? String.fromCharCode(33 + id) : `token${id}`;
}
