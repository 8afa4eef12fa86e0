import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSafetensors } from '../../src/checkpoint/safetensors';
import { dequantise, quantise } from '../../src/model/quantise';
import { type TestTensor, writeSafetensors } from '../checkpoint/write-safetensors';

/**
 * Copies a checkpoint with its matrices rounded to `bits`, so that rounding them again loses nothing. A graph of `bits`
 * and a graph of floats then have the same weights and differ only in their arithmetic.
 *
 * @param tied leaves the output matrix out, so that the embedding table takes its place
 */
export function writeRoundedCheckpoint(
  checkpoint: string,
  folder: string,
  { bits, tied }: { readonly bits: 4 | 8; readonly tied: boolean },
): void {
  const source = openSafetensors(join(checkpoint, 'model.safetensors'));
  const tensors: Record<string, TestTensor> = {};
  for (const name of source.names) {
    if (tied && name === 'lm_head.weight') continue;
    const shape = source.shape(name);
    const data = source.read(name, shape);
    tensors[name] = { shape, data: shape.length === 2 ? rounded(name, data, shape, bits) : data };
  }
  source.close();
  writeSafetensors(join(folder, 'model.safetensors'), tensors);
  const config = JSON.parse(readFileSync(join(checkpoint, 'config.json'), 'utf8'));
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...config, tie_word_embeddings: tied }));
}

/** Blocks run along the inputs of a matrix. GPT-2 stores its layers as `[inputs, outputs]`, all others the other way. */
function rounded(name: string, data: Float32Array, shape: readonly number[], bits: 4 | 8): Float32Array {
  const [rows, columns] = shape as readonly [number, number];
  const isConv1d = /\.c_(attn|proj|fc)\.weight$/.test(name);
  if (!isConv1d) return dequantise(quantise(data, rows, columns, bits));
  const upright = dequantise(quantise(transposed(data, rows, columns), columns, rows, bits));
  return transposed(upright, columns, rows);
}

function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
  return matrix.map((_, i) => matrix[(i % rows) * columns + Math.floor(i / rows)]!);
}
