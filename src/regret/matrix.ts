/** K × K, `matrix[i][j]`: row i is who judges, column j whose policy answers. */
export type Matrix = readonly (readonly number[])[];

/** Σ_j M_ij v_j by row. */
export function multiply(matrix: Matrix, vector: readonly number[]): number[] {
  return matrix.map((row) => dot(row, vector));
}

export function transpose(matrix: Matrix): number[][] {
  return matrix[0].map((_, j) => matrix.map((row) => row[j]));
}

export function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
