import { HEADER } from './layout';

/** A pointer or number of four bytes in the header of the job at hand. */
export function field(at: usize): usize {
  return load<u32>(<usize>load<u32>(HEADER) + at);
}

/** Entry i of a list of u32, f64. */
export function whole(list: usize, i: u32): u32 {
  return load<u32>(list + (i << 2));
}
export function number(list: usize, i: u32): f64 {
  return load<f64>(list + (i << 3));
}
export function add(at: usize, value: f64): void {
  store<f64>(at, load<f64>(at) + value);
}
