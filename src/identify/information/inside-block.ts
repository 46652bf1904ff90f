import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { dot } from '../../compute/conjugate-gradient';
import type { Block } from './blocks';
import { fisherInformation, type Information } from './fisher';
import { gaugeOf } from './model';
import { dividedGroups, shiftsOfParts } from './parts';
import type { InformationOptions, MixturePoint } from './scores';

/** One block's rewards in the eigenvectors of their own information, gauge and shifts of parts left out. */
export interface Inside {
  readonly block: Block;
  readonly values: readonly number[];
  /** Orthonormal, over the block's rewards by type. */
  readonly vectors: readonly Float64Array[];
  /** Information between each eigenvector and the shares. */
  readonly border: readonly Float64Array[];
  /** Shifts of parts that nothing compares, of one type's rewards: known to be without information. */
  readonly shifts: readonly Float64Array[];
}

/** The information of a block's annotators, over the shares and the block's own rewards. */
export function informationOfBlock(
  { alternatives, design }: Block,
  { shares, utility }: MixturePoint,
  options: InformationOptions,
): Information {
  const local = { shares, utility: utility.map((u) => Float64Array.from(alternatives, (a) => u[a])) };
  return fisherInformation(design.design, design.model, local, options);
}

/** @param part by which the block's information counts: its annotators among all */
export function insideOf(block: Block, { matrix, size }: Information, types: number, part: number): Inside {
  const { design } = block;
  const shares = types - 1;
  const n = size - shares;
  const shifts = shiftsOfParts(dividedGroups(design), design.model.parameters);
  const known = [...gaugeOf(design), ...shifts];
  const full = new Matrix(n, n);
  let trace = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) full.set(i, j, part * matrix[(shares + i) * size + shares + j]);
    trace += full.get(i, i);
  }
  // lifted far above every real eigenvalue, directions that are known come last and are cut off
  for (const g of known) for (let k = 0; k < types; k++) addOuter(full, k * g.length, g, 10 * trace + 1);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(full, { assumeSymmetric: true });
  const free = realEigenvalues
    .map((_, i) => i)
    .sort((i, j) => realEigenvalues[i] - realEigenvalues[j])
    .slice(0, n - types * known.length);
  const vectors = free.map((i) => Float64Array.from(eigenvectorMatrix.getColumn(i)));
  const withShare = (v: Float64Array, k: number): number =>
    part * dot(v, matrix.subarray(k * size + shares, (k + 1) * size));
  return {
    block,
    values: free.map((i) => realEigenvalues[i]),
    vectors,
    border: vectors.map((v) => Float64Array.from({ length: shares }, (_, k) => withShare(v, k))),
    shifts,
  };
}

function addOuter(matrix: Matrix, at: number, g: Float64Array, factor: number): void {
  for (let i = 0; i < g.length; i++) {
    if (g[i] === 0) continue;
    for (let j = 0; j < g.length; j++)
      matrix.set(at + i, at + j, matrix.get(at + i, at + j) + factor * g[i] * g[j]);
  }
}
