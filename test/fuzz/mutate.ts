/** Damages a file as disks, broken downloads and attackers do. The same seed gives the same damage. */
import type { Random } from '../random';

/** Numbers that often break a reader: small ones, and those at the limits of number types. */
const numbers = [
  0n,
  1n,
  2n,
  3n,
  8n,
  31n,
  32n,
  33n,
  127n,
  128n,
  255n,
  256n,
  65_535n,
  65_536n,
  2n ** 24n,
].concat(
  [31n, 32n, 33n, 40n, 48n, 52n, 53n, 60n, 62n, 63n].flatMap(bits => [2n ** bits - 1n, 2n ** bits]),
  [2n ** 64n - 1n, 2n ** 64n - 32n],
);

/** A copy of `bytes` with one to four damages. Most are in the first `headerBytes` bytes, where the numbers are. */
export function mutate(
  bytes: Uint8Array,
  headerBytes: number,
  random: Random,
  tokens: readonly string[] = [],
): Uint8Array {
  let mutant = Uint8Array.from(bytes);
  for (let count = 1 + random.below(4); count > 0; count--) {
    const limit = random.below(8) === 0 ? mutant.length : Math.min(headerBytes, mutant.length);
    mutant = random.pick(damages)(mutant, random.below(limit + 1), random, tokens);
  }
  return mutant;
}

type Damage = (
  bytes: Uint8Array<ArrayBuffer>,
  at: number,
  random: Random,
  tokens: readonly string[],
) => Uint8Array<ArrayBuffer>;

const flipBit: Damage = (bytes, at, random) => {
  if (at < bytes.length) bytes[at]! ^= 1 << random.below(8);
  return bytes;
};

const setByte: Damage = (bytes, at, random) => {
  if (at < bytes.length) bytes[at] = random.below(256);
  return bytes;
};

const setNumber: Damage = (bytes, at, random) => {
  const value = Buffer.alloc(8);
  value.writeBigUInt64LE(random.pick(numbers));
  const length = random.pick([1, 2, 4, 8]);
  bytes.set(value.subarray(0, Math.min(length, bytes.length - at)), at);
  return bytes;
};

const cut: Damage = (bytes, at) => bytes.slice(0, at);

const remove: Damage = (bytes, at, random) =>
  Uint8Array.from(Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(40))]));

const repeat: Damage = (bytes, at, random) => {
  const end = at + 1 + random.below(200);
  return Uint8Array.from(Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]));
};

/** Inserts a token, or overwrites as many bytes with it. */
const setToken: Damage = (bytes, at, random, tokens) => {
  if (tokens.length === 0) return setNumber(bytes, at, random, tokens);
  const token = Buffer.from(random.pick(tokens));
  const from = at + (random.below(2) === 0 ? token.length : 0);
  return Uint8Array.from(Buffer.concat([bytes.subarray(0, at), token, bytes.subarray(from)]));
};

const damages: readonly Damage[] = [
  flipBit,
  setByte,
  setNumber,
  setNumber,
  setToken,
  setToken,
  cut,
  remove,
  repeat,
];
