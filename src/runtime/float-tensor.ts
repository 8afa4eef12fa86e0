/** Tensors of floats as ready-made exports have them, of sixteen or thirty-two bits. */
import { Tensor, type TypedTensor } from 'onnxruntime-node';
import { float16ToFloat32 } from '../model/half-floats';

export type FloatType = 'float16' | 'float32';
export type FloatTensor = TypedTensor<FloatType>;

export function isFloatType(type: string): type is FloatType {
  return type === 'float16' || type === 'float32';
}

export function isFloatTensor(tensor: Tensor | undefined): tensor is FloatTensor {
  return tensor !== undefined && isFloatType(tensor.type);
}

/** @param bytes little-endian elements */
export function floatTensor(type: FloatType, bytes: ArrayBuffer, dims: readonly number[]): FloatTensor {
  const data = type === 'float16' ? new Uint16Array(bytes) : new Float32Array(bytes);
  return new Tensor(type, data, dims);
}

/** The elements' bytes, not copied. Newer versions of Node have a Float16Array, for which there is no type yet. */
export function bytesOf({ data }: FloatTensor): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Some of a tensor's elements as float32. */
export function floatsOf({ type, data }: FloatTensor, from: number, to: number): Float32Array {
  const { BYTES_PER_ELEMENT: size, buffer, byteOffset } = data;
  return type === 'float16'
    ? float16ToFloat32(new Uint16Array(buffer, byteOffset + from * size, to - from))
    : new Float32Array(buffer, byteOffset + from * size, to - from);
}
