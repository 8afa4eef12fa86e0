import { Tensor } from 'onnxruntime-node';
import { afterEach, expect, it, vi } from 'vitest';
import { asInput, type FloatTensor, floatsOf, floatTensor } from '../../src/onnx/onnx-runtime';

const half = { one: 0x3c00, minusTwo: 0xc000 };

afterEach(() => void vi.unstubAllGlobals());

it('passes half floats as 16-bit integers if JavaScript has a Float16Array, as in Node 24', () => {
  class Float16Array extends Uint16Array {}
  vi.stubGlobal('Float16Array', Float16Array);
  const bits = Uint16Array.of(half.one, half.minusTwo);
  const ofRuntime = new Tensor('float16', bits, [2]) as FloatTensor;
  expect(ofRuntime.data).toBeInstanceOf(Float16Array);
  for (const tensor of [floatTensor(bits, [2]), asInput(ofRuntime)]) {
    expect(tensor.type).toBe('float16');
    expect(tensor.dims).toEqual([2]);
    expect(tensor.data.constructor).toBe(Uint16Array);
    expect(tensor.data.buffer).toBe(bits.buffer);
    expect([...floatsOf(tensor, 0, 2)]).toEqual([1, -2]);
  }
});

it('does not convert float32', () => {
  const numbers = Float32Array.of(1, -2, 3);
  const tensor = floatTensor(numbers, [3]);
  expect(tensor.type).toBe('float32');
  expect(asInput(tensor).data).toBe(numbers);
  expect([...floatsOf(tensor, 1, 3)]).toEqual([-2, 3]);
});
