/**
 * Solves A x = b for a symmetric A given by its product with a vector (Hestenes and Stiefel 1952), with a Jacobi
 * preconditioner. Stops at a relative residual of `tolerance`, or where A shows no positive curvature: the
 * iterate so far is then returned, which is an ascent direction for b (Steihaug 1983).
 *
 * @param diagonal positive, by coordinate
 */
export function conjugateGradient(
  product: (v: Float64Array, out: Float64Array) => void,
  b: Float64Array,
  diagonal: Float64Array,
  x: Float64Array,
  tolerance = 1e-8,
): void {
  const n = b.length;
  const residual = b.slice();
  const z = new Float64Array(n);
  const ap = new Float64Array(n);
  x.fill(0);
  for (let i = 0; i < n; i++) z[i] = residual[i] / diagonal[i];
  const p = z.slice();
  let rz = dot(residual, z);
  const enough = tolerance * tolerance * dot(b, b);
  for (let step = 0; step < 2 * n + 10; step++) {
    if (dot(residual, residual) <= enough) return;
    ap.fill(0);
    product(p, ap);
    const curvature = dot(p, ap);
    if (!(curvature > 0)) {
      if (step === 0) x.set(z);
      return;
    }
    const alpha = rz / curvature;
    for (let i = 0; i < n; i++) {
      x[i] += alpha * p[i];
      residual[i] -= alpha * ap[i];
      z[i] = residual[i] / diagonal[i];
    }
    const next = dot(residual, z);
    const beta = next / rz;
    rz = next;
    for (let i = 0; i < n; i++) p[i] = z[i] + beta * p[i];
  }
}

/** Σ a_i b_i. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
