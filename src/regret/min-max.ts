import { Matrix as Dense, SVD } from 'ml-matrix';
import { solve } from 'yalps';
import { dot, multiply, transpose, type Matrix } from './matrix';

export interface MinMax {
  /** w on the simplex: how often each type's policy answers. */
  readonly weights: readonly number[];
  /** max(0, max_i Σ_j w_j R_ij) at these weights. */
  readonly value: number;
  /** max_i Σ_j w_j R_ij: below 0 where every type gains. */
  readonly unclipped: number;
  /** Worst-case population over types; sums to 1, or to 0 where the value is 0: the adversary plays "no regret". */
  readonly adversary: readonly number[];
  /** value − min_j Σ_i adversary_i R_ij: how far from the optimum these weights can be at most. */
  readonly gap: number;
}

/** A population that proves less than this share of the largest entry proves nothing. */
const ROUNDING = 1e-12;
/** And without one, a value below this share of it counts as 0. */
const ZERO = 1e-9;

/**
 * w* = argmin_{w∈Δ} max(0, max_i Σ_j w_j R_ij) by linear programming, exact up to rounding. Solved without the 0
 * first: where that optimum is above 0 the 0 does not bind, and where it is not, every w that reaches 0 is
 * optimal and the one with the smallest unclipped maximum is returned. Where that still leaves a choice, the mean
 * regret over types decides. The adversary comes from the dual programme.
 *
 * @param regret R, square and finite; R_ij is what type i regrets under policy j
 * @throws RangeError when R is empty, not square or not finite
 */
export function minMax(regret: Matrix): MinMax {
  checkMatrix(regret);
  const { weights, population } = solveGame(regret);
  return assess(regret, weights, population);
}

/** Optimal strategies of the matrix game in which weights w minimise and a population x maximises xᵀRw. */
function solveGame(regret: Matrix): { weights: number[]; population: number[] } {
  const columns = transpose(regret);
  const against = columns.map((row) => row.map((value) => -value));
  const size = Math.max(...regret.flat().map(Math.abs));
  let best = { weights: [1], population: [1], above: Infinity, below: -Infinity };
  // Where regrets of very different size meet, the simplex method may stop early; the distance between the two
  // programmes shows it, and what it treats as zero decides where. The tie-break goes first and must not cost value.
  for (const [tie, precision] of [
    [1e-6, 1e-12],
    [0, 1e-12],
    [0, 1e-10],
    [0, 1e-8],
  ]) {
    // prettier-ignore
    const weights = minimisingMix(regret, precision, tie);
    const population = minimisingMix(against, precision, 0);
    const above = Math.max(...multiply(regret, weights));
    const below = Math.min(...multiply(columns, population));
    if (above < best.above) best = { ...best, weights, above };
    if (below > best.below) best = { ...best, population, below };
    if (best.above - best.below <= 1e-10 * size) break;
  }
  return best;
}

/**
 * Value and duality gap of weights w and a population x over types. A population under which some policy costs
 * nothing proves nothing, and is replaced by "no regret".
 */
export function assess(regret: Matrix, weights: readonly number[], population: readonly number[]): MinMax {
  const size = Math.max(...regret.flat().map(Math.abs));
  const dual = Math.min(...multiply(transpose(regret), population));
  const proves = dual > ROUNDING * size;
  const unclipped = Math.max(...multiply(regret, weights));
  const value = !proves && unclipped <= ZERO * size ? 0 : Math.max(0, unclipped);
  const adversary = proves ? [...population] : population.map(() => 0);
  assertMix(weights, 'weights');
  if (proves) assertMix(adversary, 'adversary');
  return { weights: [...weights], value, unclipped, adversary, gap: value - (proves ? dual : 0) };
}

/**
 * argmin_{w∈Δ} max_i Σ_j w_j M_ij. With the entries moved into [1, 2], which does not change the answer, this is
 * w = u/Σu for the u ≥ 0 that maximises Σu subject to M u ≤ 1: a programme that starts feasible and is bounded.
 *
 * @param precision what the simplex method takes for 0
 * @param tie weight of the mean over rows, added to every row: small enough, it only decides between optima
 */
function minimisingMix(matrix: Matrix, precision: number, tie: number): number[] {
  const flat = matrix.flat();
  const low = Math.min(...flat);
  const spread = Math.max(...flat) - low;
  const even = matrix[0].map((_, _j, row) => 1 / row.length);
  if (spread === 0) return even;
  const scaled = matrix.map((row) => row.map((value) => 1 + (value - low) / spread));
  const means = transpose(scaled).map((column) => column.reduce((a, b) => a + b, 0) / column.length);
  const { status, variables } = solve(
    {
      direction: 'maximize',
      objective: 'sum',
      constraints: scaled.map((_, i): [string, { max: number }] => [`row${i}`, { max: 1 }]),
      variables: means.map((mean, j): [number, [string, number][]] => [
        j,
        [['sum', 1], ...scaled.map((row, i): [string, number] => [`row${i}`, row[j] + tie * mean])],
      ]),
    },
    { precision, checkCycles: true },
  );
  // Feasible and bounded, so that any other status is rounding inside the simplex method.
  if (status !== 'optimal') return even;
  const mix = even.map(() => 0);
  for (const [j, value] of variables) mix[j] = value;
  return polish(scaled, project(mix));
}

/**
 * Removes what the simplex method's tolerance left over: solves for the weights in use and the value at which the
 * binding rows are equal, and keeps the answer only if it is no worse.
 */
function polish(matrix: Matrix, weights: number[]): number[] {
  // What counts as in use and as binding depends on how far off the simplex method stopped.
  return [1e-4, 1e-6, 1e-8, 1e-10].reduce((best, near) => equalise(matrix, best, near), weights);
}

function equalise(matrix: Matrix, weights: number[], near: number): number[] {
  const levels = multiply(matrix, weights);
  const value = Math.max(...levels);
  const used = weights.flatMap((w, j) => (w > near ? [j] : []));
  const binding = levels.flatMap((level, i) => (level > value - near ? [i] : []));
  // Unknowns: the weights in use, then the value. Rows: Σ_j w_j M_ij − v = 0 for binding i, Σ_j w_j = 1.
  const system = [...binding.map((i) => [...used.map((j) => matrix[i][j]), -1]), [...used.map(() => 1), 0]];
  const right = [...binding.map(() => 0), 1];
  const current = [...used.map((j) => weights[j]), value];
  const residual = right.map((b, i) => b - dot(system[i], current));
  // The smallest correction: the system may have more or fewer rows than unknowns where the optimum is degenerate.
  const correction = new SVD(new Dense(system), { autoTranspose: true })
    .solve(Dense.columnVector(residual))
    .to1DArray();
  const better = weights.map(() => 0);
  used.forEach((j, n) => (better[j] = current[n] + correction[n]));
  if (better.some((w) => !(w >= 0))) return weights;
  const exact = project(better);
  return Math.max(...multiply(matrix, exact)) <= value ? exact : weights;
}

/** Clips rounding below 0 and divides by the sum. */
function project(weights: readonly number[]): number[] {
  const clipped = weights.map((w) => Math.max(0, w));
  const sum = clipped.reduce((a, b) => a + b, 0);
  return clipped.map((w) => w / sum);
}

export function checkMatrix(regret: Matrix): void {
  if (regret.length === 0)
    throw new RangeError('The regret matrix is empty: there must be at least one type.');
  if (regret.some((row) => row.length !== regret.length))
    throw new RangeError('The regret matrix is not square.');
  if (!regret.flat().every(Number.isFinite)) {
    throw new RangeError(
      'The regret matrix holds a value that is not a finite number: a policy gave probability 0.',
    );
  }
}

function assertMix(mix: readonly number[], name: string): void {
  const sum = mix.reduce((a, b) => a + b, 0);
  if (mix.some((w) => !(w >= 0)) || Math.abs(sum - 1) > 1e-9) {
    throw new Error(`The min-max ${name} are not probabilities: ${mix.join(', ')}.`);
  }
}
