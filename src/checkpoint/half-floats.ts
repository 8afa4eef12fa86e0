/** Widens sixteen-bit floats to float32. This is exact: every F16 and BF16 value is a float32 value. */

/** IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. */
export function float16ToFloat32(halves: Uint16Array): Float32Array {
  const table = float16Table();
  const floats = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) floats[i] = table[halves[i]!]!;
  return floats;
}

/** bfloat16 is the upper half of a float32. */
export function bfloat16ToFloat32(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i]! << 16;
  return new Float32Array(bits.buffer);
}

let sharedTable: Float32Array | undefined;

/** The float32 value of each of the 65,536 halves: a look-up is faster than branches. */
export function float16Table(): Float32Array {
  if (sharedTable) return sharedTable;
  const table = new Float32Array(65_536);
  for (let half = 0; half < 65_536; half++) {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0) table[half] = sign * fraction * 2 ** -24;
    else if (exponent === 31) table[half] = fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    else table[half] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  sharedTable = table;
  return table;
}
