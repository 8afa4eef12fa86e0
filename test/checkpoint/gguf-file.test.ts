import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type GgufFile, openGgufFile } from '../../src/checkpoint/gguf-file';
import { temporaryFolder } from '../temporary-folder';
import { checkFault } from './check-fault';
import { type GgufParts, type GgufTestTensor, type GgufValue, ggufBytes, text, uint32 } from './write-gguf';

function write(bytes: Uint8Array): string {
  const path = join(temporaryFolder(), 'model.gguf');
  writeFileSync(path, bytes);
  return path;
}

function open(parts: GgufParts): GgufFile {
  const file = openGgufFile(write(ggufBytes(parts)));
  onTestFinished(() => file.close());
  return file;
}

const f32 = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
const tensor = (dims: number[], ...values: number[]): GgufTestTensor => ({
  dims,
  type: 0,
  data: f32(...values),
});

describe('metadata', () => {
  it.each<[string, GgufValue, unknown]>([
    ['uint8', [0, 200], 200],
    ['int8', [1, -100], -100],
    ['uint16', [2, 60_000], 60_000],
    ['int16', [3, -30_000], -30_000],
    ['uint32', [4, 4e9], 4e9],
    ['int32', [5, -2e9], -2e9],
    ['float32', [6, 0.5], 0.5],
    ['boolean', [7, true], true],
    ['string', [8, 'naïve\n'], 'naïve\n'],
    ['uint64', [10, 2 ** 52], 2 ** 52],
    ['int64', [11, -(2 ** 40)], -(2 ** 40)],
    ['float64', [12, 0.1], 0.1],
    ['array of strings', [9, 8, ['a', '', 'b']], ['a', '', 'b']],
    ['array of int32', [9, 5, [-1, 2]], [-1, 2]],
    ['empty array', [9, 6, []], []],
    [
      'array of arrays',
      [
        9,
        9,
        [
          [9, 0, [1, 2]],
          [9, 0, []],
        ],
      ],
      [[1, 2], []],
    ],
  ])('of type %s is read', (_, value, expected) => {
    expect(open({ metadata: { key: value } }).metadata.unknown('key')).toEqual(expected);
  });

  it('longer than one read of the file is read', () => {
    const long = 'x'.repeat(3_000_000);
    const { metadata } = open({ metadata: { a: text('1'), b: text(long), c: text('3') } });
    expect([metadata.unknown('a'), metadata.unknown('c')]).toEqual(['1', '3']);
    expect(metadata.unknown('b') === long).toBe(true);
  });

  it('may have the name of a property that every object has', () => {
    const { metadata } = open({ metadata: { ['__proto__']: text('b') } });
    expect(metadata.unknown('__proto__')).toBe('b');
  });
});

describe('a tensor', () => {
  it('lies where the header says, with the slowest dimension first', () => {
    const file = open({ tensors: { a: tensor([2], 1, 2), b: tensor([3, 2], 1, 2, 3, 4, 5, 6) } });
    const b = file.tensors.get('b')!;
    expect(b.shape).toEqual([2, 3]);
    expect(b.type.name).toBe('F32');
    expect(new Float32Array(b.bytes.read(b.start, b.end).buffer)[5]).toBe(6);
  });

  it('is aligned as the metadata states', () => {
    const file = open({
      metadata: { 'general.alignment': uint32(128) },
      tensors: { a: tensor([1], 1), b: tensor([1], 2) },
      alignment: 128,
    });
    expect(file.tensors.get('b')!.start % 128).toBe(0);
  });

  it('may have a type that we know only by its name', () => {
    const file = open({ tensors: { a: { dims: [256], type: 16, data: new Uint8Array(66) } } });
    expect(file.tensors.get('a')!.type.name).toBe('IQ2_XXS');
  });
});

it('version 2 is read like version 3', () => {
  expect(open({ version: 2, tensors: { a: tensor([1], 1) } }).tensors.size).toBe(1);
});

describe('opening refuses', () => {
  function check(bytes: Uint8Array, field: string, problem: string): void {
    const path = write(bytes);
    checkFault(() => openGgufFile(path), path, field, problem);
  }

  /** A copy in which another number stands in the `bytes` bytes at `at`. */
  function patched(parts: GgufParts, at: number, value: number | bigint): Uint8Array {
    const bytes = ggufBytes(parts);
    const view = new DataView(bytes.buffer);
    if (typeof value === 'bigint') view.setBigUint64(at, value, true);
    else view.setUint32(at, value, true);
    return bytes;
  }

  it('a missing file, a folder, an empty file', () => {
    const folder = temporaryFolder();
    const missing = join(folder, 'model.gguf');
    checkFault(() => openGgufFile(missing), missing, 'file', 'cannot be read (ENOENT)');
    mkdirSync(missing);
    checkFault(() => openGgufFile(missing), missing, 'file', 'is not a file');
    check(new Uint8Array(), 'file', 'is empty; download it again');
  });

  it('another format, another version, another byte order', () => {
    check(Buffer.from('PK\x03\x04 a zip archive'), 'file', 'is a zip archive; unpack it');
    check(Buffer.from('\xff\xd8\xff\xe0 a picture', 'latin1'), 'magic', "expected 'GGUF'");
    check(ggufBytes({ version: 1 }), 'version', 'found 1, expected 2 or 3');
    check(ggufBytes({ version: 0x03000000 }), 'version', 'found a big-endian file');
  });

  it('counts of more elements than the file has bytes for', () => {
    check(patched({}, 8, 2n ** 62n), 'tensor count', 'elements, but only');
    check(patched({}, 16, 2n ** 63n), 'metadata count', 'elements, but only');
    check(
      patched({ metadata: { k: [9, 0, [1]] } }, 24 + 8 + 1 + 4 + 4, 2n ** 40n),
      'k',
      'elements, but only',
    );
  });

  it('a string longer than the file', () => {
    check(patched({ metadata: { k: text('v') } }, 24, 2n ** 50n), 'key of metadata 0', 'but only');
    check(patched({ metadata: { k: text('v') } }, 24 + 8 + 1 + 4, 2n ** 64n - 1n), 'k', 'found a length of');
  });

  it('an unknown type of value, and a boolean that is neither 0 nor 1', () => {
    check(ggufBytes({ metadata: { k: [13, 1] } }), 'k', 'found value type 13, expected 0 to 12');
    check(ggufBytes({ metadata: { k: [7, 2] } }), 'k', 'found 2, expected true (1) or false (0)');
  });

  it('arrays in arrays without an end', () => {
    let value: GgufValue = [9, 0, []];
    for (let depth = 0; depth < 10; depth++) value = [9, 9, [value]];
    check(ggufBytes({ metadata: { k: value } }), 'k', 'found arrays 5 deep');
  });

  it('a key or tensor that is there twice', () => {
    const [one, two] = [ggufBytes({ metadata: { a: text('v'), b: text('v') } }), 24 + 9 + 4 + 9 + 8];
    one[two] = 'a'.charCodeAt(0);
    check(one, 'a', 'is there twice');
    const tensors = ggufBytes({ tensors: { a: tensor([1], 1), b: tensor([1], 2) } });
    tensors[24 + 9 + 4 + 8 + 4 + 8 + 8] = 'a'.charCodeAt(0);
    check(tensors, "tensor 'a'", 'is there twice');
  });

  it.each([0, 24, 3e6])('an alignment of %d', value => {
    check(ggufBytes({ metadata: { 'general.alignment': uint32(value) } }), 'general.alignment', 'expected');
  });

  const checkTensor = (changes: Partial<GgufTestTensor>, problem: string) =>
    check(
      ggufBytes({ tensors: { w: { ...tensor([8], ...Array(8).fill(1)), ...changes } } }),
      "tensor 'w'",
      problem,
    );

  it('a tensor that lies outside the file', () => {
    checkTensor({ offset: 32 }, 'found F32 of shape [8] at byte');
    checkTensor({ offset: 2 ** 53 }, 'but the file has');
    checkTensor({ dims: [9] }, 'but the file has');
    checkTensor({ dims: [2 ** 62, 4] }, 'but the file has');
  });

  it('a tensor whose offset is not aligned', () => checkTensor({ offset: 4, dims: [1] }, 'a multiple of 32'));
  it('a type that ggml does not have', () =>
    checkTensor({ type: 4 }, "found type 4, which is none of ggml's"));
  it('a type that is newer than ours', () =>
    checkTensor({ type: 99 }, "found type 99, which is none of ggml's"));
  it('five dimensions', () =>
    checkTensor({ dims: [1, 1, 1, 1, 1] }, 'found 5 dimensions, expected at most 4'));
  it('rows that are not whole blocks', () =>
    checkTensor({ type: 2, dims: [33] }, 'found rows of 33 in Q4_0, expected a multiple of 32'));

  it('tensors that share bytes', () => {
    const tensors = {
      a: tensor([16], ...Array(16).fill(1)),
      b: { ...tensor([8], ...Array(8).fill(1)), offset: 32 },
    };
    check(ggufBytes({ tensors }), "tensor 'b'", 'overlaps another tensor');
  });

  it('a file cut anywhere in its header', () => {
    const whole = ggufBytes({
      metadata: { name: text('n'), list: [9, 8, ['a', 'b']], small: [0, 1] },
      tensors: { a: tensor([2, 2], 1, 2, 3, 4) },
    });
    for (let length = 0; length < whole.length - 16; length++) {
      const path = write(whole.subarray(0, length));
      expect(() => openGgufFile(path)).toThrow(/: (found|ended|is empty)/);
    }
  });
});
