/**
 * The element types of ggml: how large each is, and what its quantised blocks hold, each type in one function.
 *
 * In every type a value is `level * scale + minimum`. Levels are small whole numbers, and each 16 or 32 of them share a
 * scale, and in some types a minimum. One description serves two readers: float values, equal bit for bit to ggml's
 * `dequantize_row_*`, and blocks that ONNX Runtime's `MatMulNBits` multiplies without another rounding.
 *
 * All products below are exact in float32 (a scale is an 11-bit half times at most 8 bits), and every sum is rounded
 * once. So plain numbers give the results of float32.
 * Source: https://github.com/ggml-org/ggml, `ggml.h`, `ggml-common.h` and `ggml-quants.c`.
 */
import { float16Table } from './half-floats';

export interface GgmlType {
  readonly name: string;
  readonly blockElements: number;
  readonly blockBytes: number;
}

/** A matrix `[rows, columns]` of `(level - zero) * scale + offset`, `zero` 8 or 128, as `MatMulNBits` packs it. */
export interface MatrixBlocks {
  readonly bits: 4 | 8;
  readonly blockSize: number;
  readonly rows: number;
  readonly columns: number;
  /** `[rows, blocks, blockSize * bits / 8]`; at 4 bits the lower half of a byte comes first. */
  readonly packed: Uint8Array;
  /** `[rows, blocks]` */
  readonly scales: Float32Array;
  /** `[rows, blocks]`, added to every value of a block; absent if all are 0. */
  readonly offsets?: Float32Array;
}

export interface BlockFormat {
  /** Bits that a level needs. */
  readonly bits: 4 | 8;
  /** The number of levels that share a scale. */
  readonly blockSize: number;
  /** The middle of the levels. It is moved to 0, so that rounded activations cost least. */
  readonly centre: number;
  readonly hasMinimums: boolean;
  /** Reads the block that begins at byte `at`. */
  readonly decode: (bytes: Uint8Array, at: number, into: DecodedBlock) => void;
}

/** One block of the file: up to 256 levels and 16 scales. */
export interface DecodedBlock {
  readonly levels: Int8Array;
  readonly scales: Float32Array;
  readonly minimums: Float32Array;
}

/** @returns undefined for a type without blocks of levels, and for a type that we do not read */
export function blockFormat(type: GgmlType): BlockFormat | undefined {
  return formats[type.name];
}

const type = (name: string, blockElements: number, blockBytes: number): GgmlType => ({
  name,
  blockElements,
  blockBytes,
});

/** The types by their number in a file. All that ggml has are here, so that the ranges of any file can be checked. */
export const ggmlTypes: ReadonlyMap<number, GgmlType> = new Map([
  [0, type('F32', 1, 4)],
  [1, type('F16', 1, 2)],
  [2, type('Q4_0', 32, 18)],
  [3, type('Q4_1', 32, 20)],
  [6, type('Q5_0', 32, 22)],
  [7, type('Q5_1', 32, 24)],
  [8, type('Q8_0', 32, 34)],
  [9, type('Q8_1', 32, 40)],
  [10, type('Q2_K', 256, 84)],
  [11, type('Q3_K', 256, 110)],
  [12, type('Q4_K', 256, 144)],
  [13, type('Q5_K', 256, 176)],
  [14, type('Q6_K', 256, 210)],
  [15, type('Q8_K', 256, 292)],
  [16, type('IQ2_XXS', 256, 66)],
  [17, type('IQ2_XS', 256, 74)],
  [18, type('IQ3_XXS', 256, 98)],
  [19, type('IQ1_S', 256, 50)],
  [20, type('IQ4_NL', 32, 18)],
  [21, type('IQ3_S', 256, 110)],
  [22, type('IQ2_S', 256, 82)],
  [23, type('IQ4_XS', 256, 136)],
  [24, type('I8', 1, 1)],
  [25, type('I16', 1, 2)],
  [26, type('I32', 1, 4)],
  [27, type('I64', 1, 8)],
  [28, type('F64', 1, 8)],
  [29, type('IQ1_M', 256, 56)],
  [30, type('BF16', 1, 2)],
  [34, type('TQ1_0', 256, 54)],
  [35, type('TQ2_0', 256, 66)],
  [39, type('MXFP4', 32, 17)],
  [40, type('NVFP4', 64, 36)],
  [41, type('Q1_0', 128, 18)],
]);

const formats: Readonly<Record<string, BlockFormat>> = {
  Q4_0: { bits: 4, blockSize: 32, centre: 0, hasMinimums: false, decode: decodeQ4_0 },
  Q4_1: { bits: 4, blockSize: 32, centre: 8, hasMinimums: true, decode: decodeQ4_1 },
  Q5_0: { bits: 8, blockSize: 32, centre: 0, hasMinimums: false, decode: decodeQ5_0 },
  Q5_1: { bits: 8, blockSize: 32, centre: 16, hasMinimums: true, decode: decodeQ5_1 },
  Q8_0: { bits: 8, blockSize: 32, centre: 0, hasMinimums: false, decode: decodeQ8_0 },
  Q2_K: { bits: 4, blockSize: 16, centre: 2, hasMinimums: true, decode: decodeQ2_K },
  Q3_K: { bits: 4, blockSize: 16, centre: 0, hasMinimums: false, decode: decodeQ3_K },
  Q4_K: { bits: 4, blockSize: 32, centre: 8, hasMinimums: true, decode: decodeQ4_K },
  Q5_K: { bits: 8, blockSize: 32, centre: 16, hasMinimums: true, decode: decodeQ5_K },
  Q6_K: { bits: 8, blockSize: 16, centre: 0, hasMinimums: false, decode: decodeQ6_K },
  IQ4_NL: { bits: 8, blockSize: 32, centre: 0, hasMinimums: false, decode: decodeIQ4_NL },
  IQ4_XS: { bits: 8, blockSize: 32, centre: 0, hasMinimums: false, decode: decodeIQ4_XS },
  TQ1_0: { bits: 4, blockSize: 32, centre: 0, hasMinimums: false, decode: decodeTQ1_0 },
  TQ2_0: { bits: 4, blockSize: 32, centre: 0, hasMinimums: false, decode: decodeTQ2_0 },
};

/** Names of the types that we read, with floats. */
export const readableTypes: readonly string[] = ['F32', 'F16', 'BF16', ...Object.keys(formats)];

const half = float16Table();
const halfAt = (bytes: Uint8Array, at: number): number => half[bytes[at]! | (bytes[at + 1]! << 8)]!;

/** Sixteen bytes, the lower halves first: level i and level i + 16 share a byte (MatMulNBits pairs neighbours). */
function decodeHalves(bytes: Uint8Array, at: number, levels: Int8Array, zero: number): void {
  for (let i = 0; i < 16; i++) {
    const byte = bytes[at + i]!;
    levels[i] = (byte & 0xf) - zero;
    levels[i + 16] = (byte >> 4) - zero;
  }
}

/** scale, 16 bytes */
function decodeQ4_0(bytes: Uint8Array, at: number, { levels, scales }: DecodedBlock): void {
  scales[0] = halfAt(bytes, at);
  decodeHalves(bytes, at + 2, levels, 8);
}

/** scale, minimum, 16 bytes */
function decodeQ4_1(bytes: Uint8Array, at: number, { levels, scales, minimums }: DecodedBlock): void {
  scales[0] = halfAt(bytes, at);
  minimums[0] = halfAt(bytes, at + 2);
  decodeHalves(bytes, at + 4, levels, 0);
}

/** The fifth bit of level i is bit i of the four bytes at `at`. */
function addFifthBits(bytes: Uint8Array, at: number, levels: Int8Array): void {
  for (let i = 0; i < 32; i++) levels[i]! += ((bytes[at + (i >> 3)]! >> (i & 7)) & 1) << 4;
}

/** scale, 4 bytes of fifth bits, 16 bytes */
function decodeQ5_0(bytes: Uint8Array, at: number, { levels, scales }: DecodedBlock): void {
  scales[0] = halfAt(bytes, at);
  decodeHalves(bytes, at + 6, levels, 16);
  addFifthBits(bytes, at + 2, levels);
}

/** scale, minimum, 4 bytes of fifth bits, 16 bytes */
function decodeQ5_1(bytes: Uint8Array, at: number, { levels, scales, minimums }: DecodedBlock): void {
  scales[0] = halfAt(bytes, at);
  minimums[0] = halfAt(bytes, at + 2);
  decodeHalves(bytes, at + 8, levels, 0);
  addFifthBits(bytes, at + 4, levels);
}

/** scale, 32 signed bytes */
function decodeQ8_0(bytes: Uint8Array, at: number, { levels, scales }: DecodedBlock): void {
  scales[0] = halfAt(bytes, at);
  // Int8Array wraps 128..255 to -128..-1.
  for (let i = 0; i < 32; i++) levels[i] = bytes[at + 2 + i]!;
}

/** 16 bytes of scale and minimum (4 bits each), 64 bytes of levels, the scales' scale, the minimums' scale */
function decodeQ2_K(bytes: Uint8Array, at: number, { levels, scales, minimums }: DecodedBlock): void {
  const scale = halfAt(bytes, at + 80);
  const minimumScale = halfAt(bytes, at + 82);
  for (let block = 0; block < 16; block++) {
    scales[block] = scale * (bytes[at + block]! & 0xf);
    minimums[block] = -minimumScale * (bytes[at + block]! >> 4);
  }
  decodeTwoBits(bytes, at + 16, levels);
}

/** 64 bytes: 32 of them hold the lowest bits of 128 levels, in four runs of 32. */
function decodeTwoBits(bytes: Uint8Array, at: number, levels: Int8Array): void {
  for (let i = 0; i < 256; i++) {
    const byte = bytes[at + (i >> 7) * 32 + (i & 31)]!;
    levels[i] = (byte >> (2 * ((i >> 5) & 3))) & 3;
  }
}

/** 32 bytes of third bits (0 subtracts 4), 64 bytes of levels, 12 bytes of 16 six-bit scales, their scale */
function decodeQ3_K(bytes: Uint8Array, at: number, { levels, scales }: DecodedBlock): void {
  const scale = halfAt(bytes, at + 108);
  for (let block = 0; block < 16; block++) {
    const low = (bytes[at + 96 + (block & 7)]! >> (block < 8 ? 0 : 4)) & 0xf;
    const high = (bytes[at + 104 + (block & 3)]! >> (2 * (block >> 2))) & 3;
    scales[block] = scale * ((low | (high << 4)) - 32);
  }
  decodeTwoBits(bytes, at + 32, levels);
  for (let i = 0; i < 256; i++) if (((bytes[at + (i & 31)]! >> (i >> 5)) & 1) === 0) levels[i]! -= 4;
}

/** The scales and minimums of Q4_K and Q5_K: two halves, then 8 of each in 6 bits, packed into 12 bytes. */
function decodeKScales(bytes: Uint8Array, at: number, { scales, minimums }: DecodedBlock): void {
  const scale = halfAt(bytes, at);
  const minimumScale = halfAt(bytes, at + 2);
  const packed = at + 4;
  for (let block = 0; block < 8; block++) {
    const i = block & 3;
    const [a, b, c] = [bytes[packed + i]!, bytes[packed + 4 + i]!, bytes[packed + 8 + i]!];
    scales[block] = scale * (block < 4 ? a & 63 : (c & 0xf) | ((a >> 6) << 4));
    minimums[block] = -minimumScale * (block < 4 ? b & 63 : (c >> 4) | ((b >> 6) << 4));
  }
}

/** Four runs of 32 bytes: the lower halves are 32 levels, the upper halves the next 32. */
function decodeHalvesOf64(bytes: Uint8Array, at: number, levels: Int8Array): void {
  for (let i = 0; i < 256; i++) {
    const byte = bytes[at + (i >> 6) * 32 + (i & 31)]!;
    levels[i] = i & 32 ? byte >> 4 : byte & 0xf;
  }
}

/** 16 bytes of scales and minimums, 128 bytes of levels */
function decodeQ4_K(bytes: Uint8Array, at: number, into: DecodedBlock): void {
  decodeKScales(bytes, at, into);
  decodeHalvesOf64(bytes, at + 16, into.levels);
}

/** 16 bytes of scales and minimums, 32 bytes of fifth bits, 128 bytes of levels */
function decodeQ5_K(bytes: Uint8Array, at: number, into: DecodedBlock): void {
  decodeKScales(bytes, at, into);
  decodeHalvesOf64(bytes, at + 48, into.levels);
  for (let i = 0; i < 256; i++) into.levels[i]! += ((bytes[at + 16 + (i & 31)]! >> (i >> 5)) & 1) << 4;
}

/** 128 bytes of lower halves, 64 bytes of upper two bits, 16 signed scales, their scale */
function decodeQ6_K(bytes: Uint8Array, at: number, { levels, scales }: DecodedBlock): void {
  const scale = halfAt(bytes, at + 208);
  for (let block = 0; block < 16; block++) scales[block] = scale * ((bytes[at + 192 + block]! << 24) >> 24);
  for (let i = 0; i < 256; i++) {
    const within = i & 127;
    const low = bytes[at + (i >> 7) * 64 + (within & 63)]!;
    const high = bytes[at + 128 + (i >> 7) * 32 + (within & 31)]!;
    levels[i] = ((within < 64 ? low & 0xf : low >> 4) | (((high >> (2 * (within >> 5))) & 3) << 4)) - 32;
  }
}

/** As Q4_0, but each level stands for one of sixteen values, which lie closer together around zero. */
function decodeIQ4_NL(bytes: Uint8Array, at: number, into: DecodedBlock): void {
  decodeQ4_0(bytes, at, into);
  for (let i = 0; i < 32; i++) into.levels[i] = nonLinear[into.levels[i]! + 8]!;
}

/** scale, 2 bytes of the scales' upper two bits, 4 bytes of their lower four, 128 bytes of levels as in IQ4_NL */
function decodeIQ4_XS(bytes: Uint8Array, at: number, { levels, scales }: DecodedBlock): void {
  const scale = halfAt(bytes, at);
  for (let block = 0; block < 8; block++) {
    const low = (bytes[at + 4 + (block >> 1)]! >> (4 * (block & 1))) & 0xf;
    const high = (bytes[at + 2 + (block >> 2)]! >> (2 * (block & 3))) & 3;
    scales[block] = scale * ((low | (high << 4)) - 32);
  }
  for (let i = 0; i < 256; i++) {
    const byte = bytes[at + 8 + (i >> 5) * 16 + (i & 15)]!;
    levels[i] = nonLinear[i & 16 ? byte >> 4 : byte & 0xf]!;
  }
}

/**
 * 48 bytes with five levels of three values each, 4 bytes with four levels, scale. A byte is a fraction of 256 in base
 * three: multiplying by 3 brings the next digit before the point.
 */
function decodeTQ1_0(bytes: Uint8Array, at: number, { levels, scales }: DecodedBlock): void {
  scales.fill(halfAt(bytes, at + 52), 0, 8);
  let to = 0;
  for (const [first, count, digits] of ternaryRuns)
    for (let digit = 0; digit < digits; digit++)
      for (let i = 0; i < count; i++) {
        const shifted = (bytes[at + first + i]! * 3 ** digit) & 0xff;
        levels[to++] = ((shifted * 3) >> 8) - 1;
      }
}

/** Of TQ1_0: the first byte of a run, its bytes, and the levels in each of them. */
const ternaryRuns = [
  [0, 32, 5],
  [32, 16, 5],
  [48, 4, 4],
] as const;

/** 64 bytes: 32 of them hold 128 levels of two bits, in four runs of 32; scale */
function decodeTQ2_0(bytes: Uint8Array, at: number, { levels, scales }: DecodedBlock): void {
  scales.fill(halfAt(bytes, at + 64), 0, 8);
  decodeTwoBits(bytes, at, levels);
  for (let i = 0; i < 256; i++) levels[i]! -= 1;
}

const nonLinear = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];
