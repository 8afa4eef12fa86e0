/** Tensors of floats as graphs take and return them, of sixteen or thirty-two bits. */
import { Tensor, type TypedTensor } from 'onnxruntime-node';
import { float16ToFloat32 } from '../checkpoint/half-floats';

export type FloatType = 'float16' | 'float32';
export type FloatTensor = TypedTensor<FloatType>;

export function isFloatType(type: string): type is FloatType {
  return type === 'float16' || type === 'float32';
}

export function isFloatTensor(tensor: Tensor | undefined): tensor is FloatTensor {
  return tensor !== undefined && isFloatType(tensor.type);
}

/**
 * @param data half floats as their bits. Where JavaScript has a Float16Array (Node 24, any V8 as new), ONNX Runtime's
 * Tensor would make one of them, in which its native half finds nothing ("not enough space: expected 64, got 0", 1.30.0);
 * so the tensor is made of 16-bit integers and called half floats afterwards.
 */
export function floatTensor(data: Float32Array | Uint16Array, dims: readonly number[]): FloatTensor {
  if (data instanceof Float32Array) return new Tensor('float32', data, dims);
  return Object.assign(new Tensor('uint16', data, dims) as Tensor, { type: 'float16' }) as FloatTensor;
}

/** Zeros, half floats as their bits. */
export function floatArray(type: FloatType, length: number): Float32Array | Uint16Array {
  return type === 'float16' ? new Uint16Array(length) : new Float32Array(length);
}

/** A tensor that a run has returned, as the next one can take it; not copied. */
export function asInput(tensor: FloatTensor): FloatTensor {
  return tensor.type === 'float16' ? floatTensor(elementsOf(tensor), tensor.dims) : tensor;
}

/** The elements, not copied; half floats as their bits, whatever array they come in. */
export function elementsOf({ data }: FloatTensor): Float32Array | Uint16Array {
  const { buffer, byteOffset, byteLength } = data;
  return data instanceof Float32Array
    ? data
    : new Uint16Array(buffer, byteOffset, byteLength / Uint16Array.BYTES_PER_ELEMENT);
}

/** Some of a tensor's elements as float32. */
export function floatsOf(tensor: FloatTensor, from: number, to: number): Float32Array {
  const some = elementsOf(tensor).subarray(from, to);
  return some instanceof Float32Array ? some : float16ToFloat32(some);
}
