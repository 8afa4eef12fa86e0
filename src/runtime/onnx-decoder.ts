/**
 * Runs a decoder graph of our own with ONNX Runtime. Only the engine's own process loads this file: a run is
 * synchronous and cannot be interrupted.
 */
import { Tensor } from 'onnxruntime-node';
import type { Decoder, DecoderSizes } from '../engine/decoder';
import { int64Tensor } from './int64-tensor';
import { openSession } from './open-session';

export interface OnnxDecoderOptions {
  /** Threads of one run. */
  readonly threads: number;
}

/** @param path of `model.onnx` */
export async function openOnnxDecoder(
  path: string,
  sizes: DecoderSizes,
  { threads }: OnnxDecoderOptions,
): Promise<Decoder> {
  const session = await openSession(path, threads);
  const rowShape = [sizes.kvHeads, sizes.headDim];
  return {
    sizes,
    async run(ids, cache, wanted) {
      const feeds: Record<string, Tensor> = {
        ids: int64Tensor(ids, [1, ids.length]),
        wanted: int64Tensor(wanted, [wanted.length]),
      };
      for (let layer = 0; layer < sizes.layers; layer++) {
        const { key, value } = cache.past(layer);
        const shape = [cache.length + 1, ...rowShape];
        feeds[`past_key.${layer}`] = new Tensor('float32', key, shape);
        feeds[`past_value.${layer}`] = new Tensor('float32', value, shape);
      }
      const outputs = await session.run(feeds);
      const rows = floats(outputs['rows']!);
      const length = ids.length * sizes.kvHeads * sizes.headDim;
      cache.append(ids, layer => ({
        key: rows.subarray(2 * layer * length, (2 * layer + 1) * length),
        value: rows.subarray((2 * layer + 1) * length, (2 * layer + 2) * length),
      }));
      return floats(outputs['logits']!);
    },
  };
}

function floats(tensor: Tensor): Float32Array {
  if (!(tensor.data instanceof Float32Array)) throw new TypeError(`expected float32, found ${tensor.type}`);
  return tensor.data;
}
