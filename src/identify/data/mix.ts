/** The final mix of MurmurHash3 over a salted value. */
export function mix(value: number, salt: number): number {
  let v = Math.imul(value ^ salt, 0x9e3779b1);
  v = Math.imul(v ^ (v >>> 16), 0x85ebca6b);
  v = Math.imul(v ^ (v >>> 13), 0xc2b2ae35);
  return v ^ (v >>> 16);
}
