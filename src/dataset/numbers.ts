/** A copy with room for twice as many numbers. */
export function doubled<T extends Int32Array | Uint32Array | Uint16Array | Float64Array>(values: T): T {
  const larger = new (values.constructor as new (length: number) => T)(2 * values.length);
  larger.set(values);
  return larger;
}
