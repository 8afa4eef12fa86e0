/**
 * ONNX Runtime as both decoders use it: how a file is opened, and the tensors that go in and come out. Knows nothing of
 * what a file computes.
 */
import { InferenceSession, Tensor, type TypedTensor } from 'onnxruntime-node';
import { float16ToFloat32 } from '../checkpoint/half-floats';

/** @param path given as a path, and not as bytes, so that ONNX Runtime can map the weights instead of copying them */
export function openInferenceSession(path: string, threads: number): Promise<InferenceSession> {
  return InferenceSession.create(path, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    // A pattern would be kept for every shape of a run, and the past of each token is one row longer.
    enableMemPattern: false,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // Threads that spin while they wait for work share a short run much better than sleeping threads. Between two
    // keystrokes they would burn a core, so they stop at the end of a run (docs/log.md, "Bounded spinning").
    extra: {
      session: {
        intra_op: { allow_spinning: '1', spin_duration_us: '50' },
        inter_op: { allow_spinning: '0' },
        force_spinning_stop: '1',
      },
    },
  });
}

/** Ids, places and positions are JavaScript numbers here and 64-bit integers in every graph. */
export function int64Tensor(values: readonly number[], dims: readonly number[]): Tensor {
  return new Tensor('int64', BigInt64Array.from(values, BigInt), dims);
}

export type FloatType = 'float16' | 'float32';
export type FloatTensor = TypedTensor<FloatType>;

export function isFloatTensor(tensor: Tensor | undefined): tensor is FloatTensor {
  return tensor !== undefined && (tensor.type === 'float16' || tensor.type === 'float32');
}

/**
 * @param data half floats as their bits. Where JavaScript has a Float16Array (as in Node 24), ONNX Runtime's Tensor
 * would turn them into one, and its native code finds no data in that ("not enough space: expected 64, got 0",
 * 1.30.0). So the tensor is made of 16-bit integers, and its type is set to half floats afterwards.
 */
export function floatTensor(data: Float32Array | Uint16Array, dims: readonly number[]): FloatTensor {
  if (data instanceof Float32Array) return new Tensor('float32', data, dims);
  return Object.assign(new Tensor('uint16', data, dims) as Tensor, { type: 'float16' }) as FloatTensor;
}

/** Zeros; half floats as their bits. */
export function floatArray(type: FloatType, length: number): Float32Array | Uint16Array {
  return type === 'float16' ? new Uint16Array(length) : new Float32Array(length);
}

/** A tensor that a run has returned, as the next run can take it; not copied. */
export function asInput(tensor: FloatTensor): FloatTensor {
  return tensor.type === 'float16' ? floatTensor(elementsOf(tensor), tensor.dims) : tensor;
}

/** The elements, not copied; half floats as their bits, whatever type of array holds them. */
export function elementsOf({ data }: FloatTensor): Float32Array | Uint16Array {
  const { buffer, byteOffset, byteLength } = data;
  return data instanceof Float32Array
    ? data
    : new Uint16Array(buffer, byteOffset, byteLength / Uint16Array.BYTES_PER_ELEMENT);
}

/** The elements from index `from` to `to`, as float32. */
export function floatsOf(tensor: FloatTensor, from: number, to: number): Float32Array {
  const some = elementsOf(tensor).subarray(from, to);
  return some instanceof Float32Array ? some : float16ToFloat32(some);
}
