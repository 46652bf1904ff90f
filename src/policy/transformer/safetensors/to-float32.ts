/** Bits of the f32 that equals each f16. */
let halfTable: Uint32Array | undefined;

/** Bytes of one value of the types that can be read as f32. */
export const READABLE: Readonly<Record<string, number>> = { F32: 4, F16: 2, BF16: 2 };

/** Writes little-endian f16 or bf16 values as f32, exactly. @param to as long as `from` has values */
export function widen(from: Uint8Array, dtype: string, to: Float32Array): void {
  const bits = new Uint32Array(to.buffer, to.byteOffset, to.length);
  const table = dtype === 'F16' ? (halfTable ??= halves()) : undefined;
  for (let i = 0; i < bits.length; i++) {
    const half = from[2 * i] | (from[2 * i + 1] << 8);
    bits[i] = table ? table[half] : half << 16;
  }
}

function halves(): Uint32Array {
  const bits = new Uint32Array(0x10000);
  const value = new Float32Array(bits.buffer);
  for (let half = 0; half < bits.length; half++) {
    const sign = (half & 0x8000) << 16;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0) {
      value[half] = fraction * 2 ** -24;
      bits[half] |= sign;
    } else {
      // infinities and NaN keep the largest exponent of the wider type
      bits[half] = sign | ((exponent === 31 ? 255 : exponent + 112) << 23) | (fraction << 13);
    }
  }
  return bits;
}
