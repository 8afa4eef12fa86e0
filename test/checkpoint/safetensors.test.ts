import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSafetensors } from '../../src/checkpoint/safetensors';
import type { TensorSource } from '../../src/checkpoint/tensor-source';
import { temporaryFolder } from '../temporary-folder';
import { checkFault } from './check-fault';
import { safetensorsBytes, type TestTensor, writeSafetensors } from './write-safetensors';

function open(path: string): TensorSource {
  const source = openSafetensors(path);
  onTestFinished(() => source.close());
  return source;
}

function openWith(tensors: Readonly<Record<string, TestTensor>>): TensorSource {
  const path = join(temporaryFolder(), 'model.safetensors');
  writeSafetensors(path, tensors);
  return open(path);
}

/** The numbers that are read from 16-bit patterns of a type. */
function widened(dtype: 'F16' | 'BF16', ...halves: number[]): number[] {
  const source = openWith({ x: { dtype, shape: [halves.length], data: Uint16Array.from(halves) } });
  return [...source.read('x', [halves.length])];
}

describe('a tensor', () => {
  it('is read from its own range', () => {
    const source = openWith({
      a: { shape: [2], data: Float32Array.of(1, 2) },
      b: { shape: [1, 3], data: Float32Array.of(-0, 3.4028234663852886e38, Number.NaN) },
    });
    expect([...source.read('b', [1, 3])]).toEqual([-0, 3.4028234663852886e38, Number.NaN]);
    expect([...source.read('a', [2])]).toEqual([1, 2]);
  });

  it('is listed with its shape, and the metadata is not', () => {
    const source = openWith({ a: { shape: [2, 1], data: Float32Array.of(1, 2) } });
    expect(source.names).toEqual(['a']);
    expect(source.shape('a')).toEqual([2, 1]);
    expect([source.has('a'), source.has('__metadata__')]).toEqual([true, false]);
  });

  it('may be empty or a scalar', () => {
    const source = openWith({
      empty: { shape: [0, 4], data: new Float32Array() },
      scalar: { shape: [], data: Float32Array.of(7) },
    });
    expect([...source.read('empty', [0, 4])]).toEqual([]);
    expect([...source.read('scalar', [])]).toEqual([7]);
  });

  it('widens F16 exactly', () => {
    expect(widened('F16', 0x3c00, 0xc500, 0x7bff, 0x0400)).toEqual([1, -5, 65_504, 2 ** -14]);
  });

  it('widens subnormal numbers, infinity and NaN of F16', () => {
    expect(widened('F16', 0x0001, 0x83ff, 0x7c00, 0xfc00, 0x7e01, 0x8000)).toEqual([
      2 ** -24,
      -1023 * 2 ** -24,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
      -0,
    ]);
  });

  it('widens BF16 exactly', () => {
    expect(widened('BF16', 0x3f80, 0xc0a0, 0x7f7f)).toEqual([1, -5, 255 * 2 ** 120]);
  });

  it('widens subnormal numbers, infinity and NaN of BF16', () => {
    expect(widened('BF16', 0x0001, 0x807f, 0x7f80, 0xff80, 0x7fc0, 0x8000)).toEqual([
      2 ** -133,
      -127 * 2 ** -133,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
      -0,
    ]);
  });

  it('that is not read may have any type', () => {
    const source = openWith({
      mask: { dtype: 'U8', shape: [3], data: Uint8Array.of(1, 1, 0) },
      x: { shape: [1], data: Float32Array.of(5) },
    });
    expect([...source.read('x', [1])]).toEqual([5]);
  });
});

describe('reading refuses', () => {
  const path = () => join(temporaryFolder(), 'model.safetensors');

  it('a tensor that is not there', () => {
    const file = path();
    writeSafetensors(file, {});
    const source = open(file);
    checkFault(() => source.read('w', [1]), file, "tensor 'w'", 'is missing');
    checkFault(() => source.shape('w'), file, "tensor 'w'", 'is missing');
  });

  it.each([[[6]], [[3, 2]], [[2, 3, 1]]])('a shape other than the expected: %j', expected => {
    const file = path();
    writeSafetensors(file, { w: { shape: [2, 3], data: new Float32Array(6) } });
    const source = open(file);
    checkFault(
      () => source.read('w', expected),
      file,
      "tensor 'w'",
      `found shape [2,3], expected [${expected}]`,
    );
  });

  it('a type that is not a float', () => {
    const file = path();
    writeSafetensors(file, { w: { dtype: 'I8', shape: [2], data: new Uint8Array(2) } });
    const source = open(file);
    checkFault(() => source.read('w', [2]), file, "tensor 'w'", 'found I8, expected F32, F16 or BF16');
  });

  it('a file that was cut after it was opened', () => {
    const file = path();
    writeSafetensors(file, { w: { shape: [8], data: new Float32Array(8) } });
    const source = open(file);
    truncateSync(file, 100);
    checkFault(() => source.read('w', [8]), file, 'file', 'ended at byte 100');
  });
});

describe('opening refuses', () => {
  /** The file that holds `bytes` is refused with `problem` about `field`. */
  function check(bytes: Uint8Array, field: string, problem: string): void {
    const path = join(temporaryFolder(), 'model.safetensors');
    writeFileSync(path, bytes);
    checkFault(() => openSafetensors(path), path, field, problem);
  }

  /** The same for a file of `dataBytes` whose header has this entry for the tensor w. */
  function checkEntry(entry: object, field: string, problem: string, dataBytes = 16): void {
    check(safetensorsBytes({ w: entry }, new Uint8Array(dataBytes)), field, problem);
  }

  it('a missing file', () => {
    const path = join(temporaryFolder(), 'model.safetensors');
    checkFault(() => openSafetensors(path), path, 'file', 'cannot be read (ENOENT)');
  });

  it('an empty file', () => check(new Uint8Array(), 'file', 'is empty; download it again'));

  it.each([1, 7])('a file of %i bytes', size => {
    check(new Uint8Array(size), 'size', `found ${size} bytes, expected at least 8`);
  });

  it('a header that is longer than the file', () => {
    check(safetensorsBytes('{}').subarray(0, 9), 'header length', 'found 2, but the file has 9 bytes');
    check(new Uint8Array(16).fill(255), 'header length', 'found 18446744073709552000');
  });

  it('a header of more than 100 MB, even in a file that is large enough', () => {
    const path = join(temporaryFolder(), 'model.safetensors');
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(100_000_001n);
    writeFileSync(path, length);
    truncateSync(path, 100_000_100);
    checkFault(() => openSafetensors(path), path, 'header length', 'found 100000001');
  });

  it('a header that is not a JSON object', () => {
    check(safetensorsBytes('{"w":\n}'), 'file', 'is not JSON');
    check(safetensorsBytes('[]'), 'file', 'expected a JSON object');
    check(safetensorsBytes({ w: 5 }), 'w', 'found 5, expected an object');
  });

  it.each([undefined, 32])('an entry whose type is %s', dtype => {
    checkEntry({ dtype, shape: [4], data_offsets: [0, 16] }, 'w.dtype', 'expected a string');
  });

  it.each([undefined, 4, ['4']])('an entry whose shape is %j', shape => {
    checkEntry({ dtype: 'F32', shape, data_offsets: [0, 16] }, 'w.shape', "expected the shape of tensor 'w'");
  });

  it.each([undefined, '0', ['0', '16']])('an entry whose offsets are %j', data_offsets => {
    checkEntry({ dtype: 'F32', shape: [4], data_offsets }, 'w.data_offsets', "two offsets for tensor 'w'");
  });

  it.each([
    ['outside the file', [4, 20]],
    ['far outside the file', [0, 1e300]],
    ['negative', [-16, 0]],
    ['reversed', [16, 0]],
    ['broken', [0.5, 16.5]],
    ['one', [0]],
    ['three', [0, 16, 16]],
  ])('offsets that are %s', (_, data_offsets) => {
    checkEntry({ dtype: 'F32', shape: [4], data_offsets }, "tensor 'w'", 'lie outside');
  });

  it('offsets that were right before the file was cut', () => {
    checkEntry({ dtype: 'F32', shape: [4], data_offsets: [0, 16] }, "tensor 'w'", 'lie outside', 15);
  });

  it.each([
    ['F32', [3]],
    ['F32', [5]],
    ['F16', [4]],
    ['F32', [-2, -2]],
    ['F32', [0.5, 8]],
    ['F32', [1e308, 1e308, 0]],
    ['U8', [-16]],
  ])('%s of shape %j in 16 bytes', (dtype, shape) => {
    checkEntry({ dtype, shape, data_offsets: [0, 16] }, "tensor 'w'", 'does not fill its 16 bytes');
  });

  it('tensors that share bytes', () => {
    const header = {
      late: { dtype: 'F32', shape: [2], data_offsets: [4, 12] },
      early: { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
    };
    check(safetensorsBytes(header, new Uint8Array(12)), "tensor 'late'", 'overlaps another tensor');
  });

  it("a name that would break the message's line", () => {
    const header = { 'a\nb': { dtype: 'F32', shape: [1], data_offsets: [0, 8] } };
    check(safetensorsBytes(header, new Uint8Array(8)), "tensor 'a b'", 'does not fill');
  });
});
