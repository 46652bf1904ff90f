import type { HostTensor } from '../../graph/program';

/** Tensors with smaller values than this throughout are as good as zero. */
const SMALLEST_SCALE = 1e-6;

export interface Difference {
  /** Largest difference over the largest value that was expected; infinite where a value is not finite. */
  readonly relativeError: number;
  /** Name of the tensor it is in. */
  readonly output: string;
}

/** The largest relative difference of two sets of tensors of the same names. */
export function compare(
  actual: Readonly<Record<string, HostTensor>>,
  expected: Readonly<Record<string, HostTensor>>,
): Difference {
  return Object.keys(expected)
    .map((output) => ({ output, relativeError: relativeError(actual[output].data, expected[output].data) }))
    .reduce((worst, next) => (next.relativeError > worst.relativeError ? next : worst));
}

function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let [difference, scale] = [0, SMALLEST_SCALE];
  for (let i = 0; i < expected.length; i++) {
    if (!Number.isFinite(actual[i])) return Infinity;
    difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
    scale = Math.max(scale, Math.abs(expected[i]));
  }
  return difference / scale;
}

export function sameBits(
  a: Readonly<Record<string, HostTensor>>,
  b: Readonly<Record<string, HostTensor>>,
): boolean {
  return Object.keys(a).every((name) => a[name].data.every((value, i) => Object.is(value, b[name].data[i])));
}
