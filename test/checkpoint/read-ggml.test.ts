/** Blocks of each type, compared with the values of the PyPI package `gguf` (train/gguf_golden.py). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type GgmlType, ggmlTypes, type MatrixBlocks, readableTypes } from '../../src/checkpoint/ggml-blocks';
import { BlockPacker, dequantiser } from '../../src/checkpoint/read-ggml';

const golden: {
  readonly types: Record<string, { readonly bytes: string; readonly values: string }>;
} = JSON.parse(readFileSync(join(__dirname, '../fixtures/gguf/types.json'), 'utf8'));

function typeNamed(name: string): GgmlType {
  return [...ggmlTypes.values()].find(type => type.name === name)!;
}

function vector(name: string): { bytes: Uint8Array<ArrayBuffer>; values: Float32Array } {
  const { bytes, values } = golden.types[name]!;
  return {
    bytes: Uint8Array.from(Buffer.from(bytes, 'base64')),
    values: new Float32Array(Uint8Array.from(Buffer.from(values, 'base64')).buffer),
  };
}

/** The values that `MatMulNBits` computes with, in float32. The graph adds `offsets`. */
function unpacked({ bits, blockSize, packed, scales, offsets }: MatrixBlocks): Float32Array {
  const zero = bits === 8 ? 128 : 8;
  return Float32Array.from({ length: scales.length * blockSize }, (_, i) => {
    const level = bits === 8 ? packed[i]! : (packed[i >> 1]! >> (i & 1 ? 4 : 0)) & 0xf;
    const block = Math.floor(i / blockSize);
    const product = (level - zero) * scales[block]!;
    return offsets ? product + offsets[block]! : product;
  });
}

it('has reference values for every type that we read', () => {
  expect(Object.keys(golden.types).sort()).toEqual([...readableTypes].sort());
});

it.each(readableTypes)('%s is dequantised bit for bit', name => {
  const { bytes, values } = vector(name);
  const read = new Float32Array(values.length);
  dequantiser(typeNamed(name))!(bytes, read, 0);
  expect(new Uint32Array(read.buffer)).toEqual(new Uint32Array(values.buffer));
});

describe('as blocks for MatMulNBits', () => {
  const blockTypes = readableTypes.filter(name => !['F32', 'F16', 'BF16'].includes(name));

  it.each(blockTypes)('%s has the same values', name => {
    const { bytes, values } = vector(name);
    const type = typeNamed(name);
    const packer = new BlockPacker(type, values.length / type.blockElements, type.blockElements);
    // Row by row, as a file is read.
    for (let at = 0; at < bytes.length; at += type.blockBytes)
      packer.add(bytes.subarray(at, at + type.blockBytes));
    const read = unpacked(packer.finish());
    // Only 0 and -0 may differ: in a sum they are the same.
    expect([...read].map(value => value + 0)).toEqual([...values].map(value => value + 0));
  });

  it('the sum of scale and minimum is rounded if they are far apart', () => {
    const half = (value: number) => Buffer.from(new Uint16Array([value]).buffer);
    // 2^-14 and 65504: 8 times the scale is too small to change the minimum.
    const bytes = Buffer.concat([half(0x0400), half(0x7bff), Buffer.alloc(16, 0x88)]);
    const packer = new BlockPacker(typeNamed('Q4_1'), 1, 32);
    packer.add(bytes);
    const [value] = unpacked(packer.finish());
    expect(Math.abs(value! - (65_504 + 8 * 2 ** -14)) / 65_504).toBeLessThan(2 ** -23);
  });
});

it('a type that we do not read has no values', () => {
  expect(dequantiser(typeNamed('IQ2_XXS'))).toBeUndefined();
});
