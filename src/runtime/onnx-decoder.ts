/**
 * Runs a decoder graph with ONNX Runtime. The only file that imports it, and only the engine's own process loads
 * this file: a run is synchronous and cannot be interrupted.
 */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Decoder, DecoderSizes } from '../engine/decoder';

export interface OnnxDecoderOptions {
  /** Threads of one run. */
  readonly threads: number;
}

/** @param path of `model.onnx`; loading by path lets ONNX Runtime map the weights instead of copying them */
export async function openOnnxDecoder(
  path: string,
  sizes: DecoderSizes,
  { threads }: OnnxDecoderOptions,
): Promise<Decoder> {
  const session = await InferenceSession.create(path, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // Spinning threads would burn a core between keystrokes (docs/log.md).
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  });
  const rowShape = [sizes.kvHeads, sizes.headDim];
  return {
    sizes,
    async run(ids, cache, wanted) {
      const feeds: Record<string, Tensor> = {
        ids: int64(ids, [1, ids.length]),
        wanted: int64(wanted, [wanted.length]),
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

function int64(values: readonly number[], dims: readonly number[]): Tensor {
  return new Tensor('int64', BigInt64Array.from(values, BigInt), dims);
}

function floats(tensor: Tensor): Float32Array {
  if (!(tensor.data instanceof Float32Array)) throw new TypeError(`expected float32, found ${tensor.type}`);
  return tensor.data;
}
