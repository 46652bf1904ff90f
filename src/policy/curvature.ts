import { choleskyInPlace, choleskySolve } from '../compute/kernels/cholesky';

/** Dense blocks are used up to this many values in all; beyond, curvature is used through its products. */
export const LARGEST_DENSE = 1 << 24;

/**
 * Solves A x = b in place for a symmetric n × n block that should be positive definite. Where it is not (ties make
 * the likelihood non-concave, flat directions make it singular) A + τI is solved for the least τ of a growing
 * sequence that is.
 */
export function solvePositive(a: Float64Array, n: number, b: Float64Array): void {
  let scale = 0;
  for (let i = 0; i < n; i++) scale = Math.max(scale, Math.abs(a[i * n + i]));
  if (scale === 0) return; // no curvature and no gradient: nothing was observed here
  if (!Number.isFinite(scale))
    throw new Error('The curvature of the likelihood is not finite: a fault of the program.');
  const factor = new Float64Array(n * n);
  for (let tau = scale * 1e-12; ; tau *= 100) {
    factor.set(a);
    for (let i = 0; i < n; i++) factor[i * n + i] += tau;
    if (choleskyInPlace(factor, n)) {
      choleskySolve(factor, n, b);
      return;
    }
  }
}
