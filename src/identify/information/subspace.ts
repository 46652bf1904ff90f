import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { dot } from '../../compute/conjugate-gradient';

/** Squared length below which a part of a unit vector counts as none. */
const NOTHING = 1e-6;

/** Orthonormal basis of what the vectors span once `others` (orthonormal) are taken out; shorter rests are dropped. */
export function orthonormal(
  vectors: readonly Float64Array[],
  others: readonly Float64Array[] = [],
): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const vector of vectors) {
    const before = dot(vector, vector);
    const v = vector.slice();
    for (let pass = 0; pass < 2; pass++) {
      for (const q of [...others, ...basis]) {
        const along = dot(q, v);
        for (let j = 0; j < v.length; j++) v[j] -= along * q[j];
      }
    }
    const left = dot(v, v);
    if (left > NOTHING * before && left > 0) basis.push(v.map((x) => x / Math.sqrt(left)));
  }
  return basis;
}

/** Orthonormal basis of those vectors of a subspace that are 0 outside some coordinates. */
export function supportedOn(
  basis: readonly Float64Array[],
  inside: (coordinate: number) => boolean,
): Float64Array[] {
  const cut = basis.map((v) => v.map((x, i) => (inside(i) ? 0 : x)));
  return combinations(basis, gram(cut), (outside) => outside < NOTHING);
}

/** Orthonormal basis of what is left of a subspace once `others` (orthonormal) are taken out. */
export function without(basis: readonly Float64Array[], others: readonly Float64Array[]): Float64Array[] {
  if (others.length === 0) return [...basis];
  const along = basis.map((v) => Float64Array.from(others, (q) => dot(q, v)));
  return orthonormal(
    combinations(basis, gram(along), (taken) => taken < 1 - NOTHING),
    others,
  );
}

/** Combinations of the basis by those eigenvectors of a symmetric matrix whose eigenvalue is wanted. */
function combinations(
  basis: readonly Float64Array[],
  symmetric: number[][],
  wanted: (value: number) => boolean,
): Float64Array[] {
  if (basis.length === 0) return [];
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(new Matrix(symmetric), {
    assumeSymmetric: true,
  });
  return realEigenvalues.flatMap((value, column) => {
    if (!wanted(value)) return [];
    const out = new Float64Array(basis[0].length);
    basis.forEach((v, i) => {
      const weight = eigenvectorMatrix.get(i, column);
      for (let j = 0; j < out.length; j++) out[j] += weight * v[j];
    });
    return [out];
  });
}

function gram(vectors: readonly Float64Array[]): number[][] {
  return vectors.map((v) => vectors.map((w) => dot(v, w)));
}

/**
 * The finest split of a subspace by coordinates: its parts lie on separate labels and together span it. Coordinates
 * belong together where the projector onto the subspace mixes them.
 *
 * @param label of each coordinate; −1 where it is to be left out
 */
export function splitByLabel(basis: readonly Float64Array[], label: Int32Array): Float64Array[][] {
  if (basis.length === 0) return [];
  const length = Float64Array.from(label, (_, i) => basis.reduce((sum, v) => sum + v[i] * v[i], 0));
  const counts = (i: number): boolean => label[i] >= 0 && length[i] > NOTHING * NOTHING;
  const at = Array.from(label.keys()).filter(counts);
  const parent = new Map(at.map((i) => [label[i], label[i]]));
  const find = (l: number): number => {
    let root = l;
    while (parent.get(root) !== root) root = parent.get(root)!;
    parent.set(l, root);
    return root;
  };
  for (let a = 0; a < at.length; a++) {
    for (let b = 0; b < a; b++) {
      const [i, j] = [at[a], at[b]];
      const [x, y] = [find(label[i]), find(label[j])];
      if (x === y) continue;
      let mixed = 0;
      for (const v of basis) mixed += v[i] * v[j];
      if (mixed * mixed > NOTHING * length[i] * length[j]) parent.set(x, y);
    }
  }
  const roots = [...new Set(at.map((i) => find(label[i])))];
  return roots
    .map((root) =>
      orthonormal(basis.map((v) => v.map((x, i) => (counts(i) && find(label[i]) === root ? x : 0)))),
    )
    .filter((part) => part.length > 0);
}
