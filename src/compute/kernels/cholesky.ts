/**
 * Factors a symmetric positive definite matrix A = L Lᵀ in place: the lower triangle of `a` becomes L.
 *
 * @param a n × n, row-major, starting at `offset`
 * @returns false where A is not positive definite (then `a` is spoilt)
 */
export function choleskyInPlace(a: Float64Array, n: number, offset = 0): boolean {
  for (let j = 0; j < n; j++) {
    const rowJ = offset + j * n;
    let pivot = a[rowJ + j];
    for (let k = 0; k < j; k++) pivot -= a[rowJ + k] * a[rowJ + k];
    if (!(pivot > 0)) return false;
    const diagonal = Math.sqrt(pivot);
    a[rowJ + j] = diagonal;
    for (let i = j + 1; i < n; i++) {
      const rowI = offset + i * n;
      let sum = a[rowI + j];
      for (let k = 0; k < j; k++) sum -= a[rowI + k] * a[rowJ + k];
      a[rowI + j] = sum / diagonal;
    }
  }
  return true;
}

/** Solves L Lᵀ x = b in place, with L as `choleskyInPlace` left it. */
export function choleskySolve(l: Float64Array, n: number, b: Float64Array, offset = 0): void {
  for (let i = 0; i < n; i++) {
    let sum = b[i];
    for (let k = 0; k < i; k++) sum -= l[offset + i * n + k] * b[k];
    b[i] = sum / l[offset + i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[i];
    for (let k = i + 1; k < n; k++) sum -= l[offset + k * n + i] * b[k];
    b[i] = sum / l[offset + i * n + i];
  }
}
