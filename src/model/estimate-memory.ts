/** How much memory a checkpoint needs to run, without building it. Knows how `MatrixProducts` stores a matrix. */
import type { CheckpointSource, WeightBits } from '../checkpoint/model-source';
import { openWeights, readConfig } from '../checkpoint/open-checkpoint';
import type { TensorSource } from '../checkpoint/tensor-source';
import { isConstant } from './build-model';
import { readShape } from './inspect-checkpoint';
import { blockSizeFor } from './quantise';

/** In bytes. */
export interface MemoryEstimate {
  /** The weights of the checkpoint as the built graph has them. */
  readonly weights: number;
  /** Those of the weights that each token reads: all but the tables that it looks up one row in. */
  readonly weightsPerToken: number;
  /** The KV cache of one full context. */
  readonly cache: number;
  /** Both, the process itself, and what ONNX Runtime keeps beside the weights. */
  readonly total: number;
}

/**
 * Node, ONNX Runtime, an open graph, and the memory of a run, without what is counted below. Measured with six graphs
 * on linux-x64: 93 to 117 MB after 84 tokens, 95 to 176 MB after a full context (docs/log.md, "Memory estimate of model
 * inspect").
 */
const processBytes = 110e6;

/**
 * The memory of the engine's process.
 * @param window the largest number of tokens of prompt and answer together
 * @throws ModelFileError
 */
export function estimateMemory(
  checkpoint: CheckpointSource,
  bits: WeightBits,
  window: number,
): MemoryEstimate {
  const { layers, kvHeads, headDim, contextLength } = readShape(checkpoint);
  const config = readConfig(checkpoint);
  const source = openWeights(checkpoint);
  try {
    const isTied = config.boolean('tie_word_embeddings', !source.names.some(name => head.test(name)));
    let weights = 0;
    let weightsPerToken = 0;
    let beside = 0;
    for (const name of source.names) {
      if (isConstant(name) || (isTied && head.test(name))) continue;
      const uses = usesOf(source, name, isTied);
      const product = uses.isMultiplied ? productLayout(source, name, bits) : undefined;
      const lookup = uses.isLookedUp ? lookupLayout(source, name, bits) : undefined;
      const layouts = [product, lookup].filter(layout => layout !== undefined);
      if (layouts.length === 0) layouts.push(floats);
      const bytes = layouts.map(layout => bytesOf(source.shape(name), layout));
      const isShared = product !== undefined && lookup !== undefined && isSame(product, lookup);
      weights += isShared ? bytes[0]! : sum(bytes);
      if (product !== undefined) weightsPerToken += bytesOf(source.shape(name), product);
      // ONNX Runtime packs a copy of the table for products. The table in the file stays mapped for the lookup.
      if (isShared) beside += bytes[1]!;
      if (product !== undefined) beside += besideProduct(source.shape(name), product);
    }
    const rows = Math.min(contextLength, window) + 1;
    const cache = 2 * layers * rows * kvHeads * headDim * (bits === 32 ? 4 : 2);
    return { weights, weightsPerToken, cache, total: processBytes + weights + beside + cache };
  } finally {
    source.close();
  }
}

const head = /^(lm_head|embed_out)\./;
const tokenTable = /(^|\.)(embed_tokens|embed_in|tokens_embed|wte)\.weight$/;
const positionTable = /(^|\.)(positions_embed|wpe)\.weight$/;

/** A tensor with neither use is stored as floats: a vector, or a table of positions. */
function usesOf(source: TensorSource, name: string, isTied: boolean) {
  const isLookedUp = tokenTable.test(name);
  const isMatrix = source.shape(name).length === 2 && !positionTable.test(name);
  return { isLookedUp, isMultiplied: isMatrix && (isTied || !isLookedUp) };
}

/** How a tensor is stored: in blocks as `MatrixBlocks` has them, or with 32 bits as floats. */
interface Layout {
  readonly bits: 4 | 8 | 32;
  readonly blockSize: number;
  readonly hasMinimums: boolean;
}

const floats: Layout = { bits: 32, blockSize: 1, hasMinimums: false };

function productLayout(source: TensorSource, name: string, bits: WeightBits): Layout {
  if (bits === 32) return floats;
  return ownLayout(source, name, bits) ?? roundedLayout(source, name, bits === 4 ? 4 : 8);
}

function lookupLayout(source: TensorSource, name: string, bits: WeightBits): Layout {
  if (bits === 32) return floats;
  const own = ownLayout(source, name, bits);
  return own === undefined || own.hasMinimums ? roundedLayout(source, name, 8) : own;
}

function ownLayout(source: TensorSource, name: string, bits: WeightBits): Layout | undefined {
  const own = source.stored?.(name).blocks;
  return bits === 'stored' || own?.bits === bits ? own : undefined;
}

function roundedLayout(source: TensorSource, name: string, bits: 4 | 8): Layout {
  return { bits, blockSize: blockSizeFor(source.shape(name).at(-1)!, bits), hasMinimums: false };
}

function isSame(a: Layout, b: Layout): boolean {
  return a.bits === b.bits && a.blockSize === b.blockSize && a.hasMinimums === b.hasMinimums;
}

function bytesOf(shape: readonly number[], layout: Layout): number {
  const { bits, blockSize, hasMinimums } = layout;
  if (bits === 32) return 4 * shape.reduce((product, size) => product * size, 1);
  return blocksOf(shape, layout) * ((blockSize * bits) / 8 + (hasMinimums ? 8 : 4));
}

/** For each block the scale in the file stays mapped, and the packed copy has a sum: 4 bytes each. */
function besideProduct(shape: readonly number[], layout: Layout): number {
  return layout.bits === 32 ? 0 : 8 * blocksOf(shape, layout);
}

function blocksOf(shape: readonly number[], { blockSize }: Layout): number {
  return shape[0]! * Math.ceil(shape[1]! / blockSize);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
