import { EigenvalueDecomposition, Matrix as Dense } from 'ml-matrix';
import type { LogPolicy, ResponseList } from '../policy/response-policy';
import { dot, dualProblem } from './log-linear-dual';

export interface LogLinear {
  /** λ by type: λ ≥ 0, Σλ ≤ 1; what is missing to 1 is left with the reference policy. */
  readonly lambda: readonly number[];
  /** log π_λ by position of the list. */
  readonly policy: LogPolicy;
  /** max(0, max_k R_k(π_λ)) + KL(π_λ‖π_ref), in nats. */
  readonly value: number;
  /** `value` minus the dual at λ: how far from the least possible it can be at most. */
  readonly gap: number;
  readonly iterations: number;
}

const ITERATIONS = 300;

/**
 * The single policy π_λ ∝ π_ref Π_k (π_k/π_ref)^{c_k λ_k} that minimises max(0, max_k R_k(π)) + KL(π‖π_ref) over all
 * policies π. λ maximises the concave dual D over λ ≥ 0, Σλ ≤ 1; what λ leaves of 1 belongs to the reference
 * policy, whose ρ is 0, so that the search runs on a whole simplex. Active-set Newton with an exact line search.
 *
 * @param diagonal L_kk in nats
 * @param protection c by type
 * The gap is at most 1e-8 × the largest of 1 and the regrets met, unless the search did not settle: `gap` says so.
 */
export function logLinear(
  list: ResponseList,
  logPolicies: readonly LogPolicy[],
  diagonal: readonly number[],
  protection: readonly number[],
): LogLinear {
  const dual = dualProblem(list, logPolicies, diagonal, protection);
  // Entry 0 is the reference policy.
  const mix = new Array<number>(dual.types + 1).fill(1 / (dual.types + 1));
  let free = mix.map((_, j) => j);
  let scale = 1;
  let stuck = false;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const point = dual.at(mix.slice(1));
    const slope = [0, ...point.gradient];
    const mean = dot(mix, slope);
    const gap = Math.max(...slope) - mean;
    scale = Math.max(scale, ...slope.map(Math.abs));
    // Half of what is promised, so that evaluating once more elsewhere does not break the promise.
    if (gap <= 0.5e-8 || (gap <= 0.5e-8 * scale && iteration > ITERATIONS / 2)) {
      return {
        lambda: mix.slice(1),
        policy: point.policy,
        value: point.dual + gap,
        gap,
        iterations: iteration,
      };
    }
    const steepest = slope.indexOf(Math.max(...slope));
    // A type joins once the slopes of those in use are equal, so that its own share can only grow at first.
    const inUse = free.map((j) => slope[j]);
    const equal = Math.max(...inUse) - Math.min(...inUse) <= 1e-3 * gap;
    if ((equal || stuck) && !free.includes(steepest)) free.push(steepest);
    const direction = newtonDirection(slope, point.curvature, free);
    const { step, blocking } = longestStep(mix, direction, free);
    const t = lineSearch(dual.along(mix.slice(1), direction.slice(1)), step);
    stuck = t === 0;
    for (const j of free) mix[j] = Math.max(0, mix[j] + t * direction[j]);
    if (t === step && blocking >= 0) {
      mix[blocking] = 0;
      free = free.filter((j) => j !== blocking);
    }
    const sum = mix.reduce((a, b) => a + b, 0);
    mix.forEach((value, j) => (mix[j] = value / sum));
  }
  const last = dual.at(mix.slice(1));
  const slope = [0, ...last.gradient];
  const gap = Math.max(...slope) - dot(mix, slope);
  return { lambda: mix.slice(1), policy: last.policy, value: last.dual + gap, gap, iterations: ITERATIONS };
}

/**
 * Newton's direction within the free entries of the simplex: its entries sum to 0. Where the curvature vanishes it
 * is the gradient's, very long, and the simplex's border stops it.
 */
function newtonDirection(
  slope: readonly number[],
  curvature: readonly (readonly number[])[],
  free: readonly number[],
): number[] {
  const direction = slope.map(() => 0);
  const n = free.length;
  if (n < 2) return direction;
  // Orthonormal basis of the vectors that sum to 0 (Helmert): column m is (1, …, 1, −m, 0, …)/√(m(m+1)).
  const basis = new Dense(n, n - 1);
  for (let m = 1; m < n; m++) {
    const norm = Math.sqrt(m * (m + 1));
    for (let i = 0; i < m; i++) basis.set(i, m - 1, 1 / norm);
    basis.set(m, m - 1, -m / norm);
  }
  const inner = new Dense(
    free.map((j) => free.map((l) => (j === 0 || l === 0 ? 0 : curvature[j - 1][l - 1]))),
  );
  const reduced = basis.transpose().mmul(inner).mmul(basis);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(reduced, {
    assumeSymmetric: true,
  });
  const axes = basis.mmul(eigenvectorMatrix);
  const floor = Math.max(1e-14 * Math.max(...realEigenvalues), 1e-100);
  realEigenvalues.forEach((value, m) => {
    const axis = axes.getColumn(m);
    const along = free.reduce((sum, j, i) => sum + axis[i] * slope[j], 0) / Math.max(value, floor);
    free.forEach((j, i) => (direction[j] += along * axis[i]));
  });
  return direction;
}

/** The step at which the first entry reaches 0, and which entry that is. */
function longestStep(
  mix: readonly number[],
  direction: readonly number[],
  free: readonly number[],
): { step: number; blocking: number } {
  let step = Infinity;
  let blocking = -1;
  for (const j of free) {
    if (direction[j] < 0 && -mix[j] / direction[j] < step) {
      step = -mix[j] / direction[j];
      blocking = j;
    }
  }
  return { step, blocking };
}

/**
 * Maximises a concave function of t in [0, longest] by Newton steps kept inside a shrinking bracket, until the slope
 * is a tenth of the first one's. Returns `longest` where the function still climbs there.
 */
function lineSearch(
  derivatives: (t: number) => { slope: number; curvature: number },
  longest: number,
): number {
  if (!(longest > 0 && longest < Infinity)) return 0;
  const first = derivatives(0).slope;
  if (!(first > 0)) return 0;
  let low = 0;
  let high = Infinity;
  let t = Math.min(1, longest);
  for (let round = 0; round < 100; round++) {
    const { slope, curvature } = derivatives(t);
    if (Math.abs(slope) <= 0.1 * first || (t === longest && slope > 0)) return t;
    if (slope > 0) low = t;
    else high = t;
    const newton = t - slope / curvature;
    if (newton > low && newton < Math.min(high, longest)) t = newton;
    else t = high === Infinity ? longest : (low + high) / 2;
    if (t === low || t === high) return low;
  }
  return low;
}
