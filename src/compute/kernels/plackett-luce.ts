import { UNRANKED_LEVEL } from './levels';
import type { Rankings } from './rankings';
import { LARGEST_TIE, tiedCurvature, tiedGradient, tiedLogLikelihood } from './tied-group';

/**
 * The Plackett–Luce log-likelihood of rankings and its derivatives in the utilities of the alternatives
 * (DPO, Rafailov et al. 2023, appendix A.3):
 *
 *     ℓ = Σ_{stages j} [ u_{τ(j)} − log Σ_{i ≥ j} e^{u_{τ(i)}} ]
 *
 * Options that were offered but not ranked stay in every denominator and have no stage. Ties are averaged over
 * the orders they allow (tied-group.ts); with ties ℓ is not concave.
 */

/**
 * Utilities further apart than this within one choice set are outside the domain: ℓ = −∞ there. e^−300 is nought for
 * any likelihood, and its square, which curvature needs, is still a number.
 */
const WIDEST_SPREAD = 300;

/** Scratch of the longest choice set seen so far: utilities minus their largest, exponentials, sums from the end. */
let size = 0;
let u = new Float64Array(0);
let e = new Float64Array(0);
let suffix = new Float64Array(0);
let direction = new Float64Array(0);
let local = new Float64Array(0);
const tieU = new Float64Array(LARGEST_TIE);
const tieE = new Float64Array(LARGEST_TIE);
const tieV = new Float64Array(LARGEST_TIE);
const tieOut = new Float64Array(LARGEST_TIE);

function reserve(largest: number): void {
  if (largest <= size) return;
  size = largest;
  u = new Float64Array(size);
  e = new Float64Array(size);
  suffix = new Float64Array(size + 1);
  direction = new Float64Array(size);
  local = new Float64Array(size);
}

/** Loads ranking r into the scratch; returns its number of options, or −1 outside the domain. */
function load(rankings: Rankings, r: number, utility: Float64Array): number {
  const from = rankings.start[r];
  const m = rankings.start[r + 1] - from;
  let largest = -Infinity;
  let least = Infinity;
  for (let i = 0; i < m; i++) {
    const value = utility[rankings.option[from + i]];
    u[i] = value;
    if (value > largest) largest = value;
    if (value < least) least = value;
  }
  if (!(largest - least <= WIDEST_SPREAD)) return -1;
  suffix[m] = 0;
  for (let i = m - 1; i >= 0; i--) {
    u[i] -= largest;
    e[i] = Math.exp(u[i]);
    suffix[i] = suffix[i + 1] + e[i];
  }
  return suffix[0] > 0 ? m : -1; // NaN compares false throughout
}

/** One past the last option tied with option i. */
function endOfTie(rankings: Rankings, r: number, i: number, m: number): number {
  if (!rankings.tied[r]) return i + 1;
  const from = rankings.start[r];
  let end = i + 1;
  while (end < m && rankings.level[from + end] === rankings.level[from + i]) end++;
  return end;
}

function loadTie(from: number, to: number): void {
  for (let i = from; i < to; i++) {
    tieU[i - from] = u[i];
    tieE[i - from] = e[i];
  }
}

/** ℓ of the loaded ranking. */
function loadedLogLikelihood(rankings: Rankings, r: number, m: number): number {
  const from = rankings.start[r];
  let value = 0;
  for (let i = 0; i < m && rankings.level[from + i] !== UNRANKED_LEVEL;) {
    const end = endOfTie(rankings, r, i, m);
    if (end === i + 1) value += u[i] - Math.log(suffix[i]);
    else {
      loadTie(i, end);
      value += tiedLogLikelihood(tieU, tieE, end - i, suffix[end]);
    }
    i = end;
  }
  return value;
}

/**
 * ℓ of every ranking, in nats.
 *
 * @param utility by alternative
 * @param out by ranking; −∞ where the utilities of a choice set lie more than 300 apart
 */
export function logLikelihoods(rankings: Rankings, utility: Float64Array, out: Float64Array): void {
  reserve(rankings.largest);
  for (let r = 0; r < rankings.count; r++) {
    const m = load(rankings, r, utility);
    out[r] = m < 0 ? -Infinity : loadedLogLikelihood(rankings, r, m);
  }
}

/** Σ_r weight_r ℓ_r, summed in f64; −∞ outside the domain. Rankings of weight 0 are skipped. */
export function weightedLogLikelihood(
  rankings: Rankings,
  utility: Float64Array,
  weight: Float64Array,
): number {
  reserve(rankings.largest);
  let sum = 0;
  for (let r = 0; r < rankings.count; r++) {
    if (weight[r] === 0) continue;
    const m = load(rankings, r, utility);
    if (m < 0) return -Infinity;
    sum += weight[r] * loadedLogLikelihood(rankings, r, m);
  }
  return sum;
}

/**
 * Adds ∂/∂u Σ_r weight_r ℓ_r to `gradient` (by alternative) and returns Σ_r weight_r ℓ_r.
 * Outside the domain it returns −∞ and `gradient` is not to be used.
 */
export function addGradient(
  rankings: Rankings,
  utility: Float64Array,
  weight: Float64Array,
  gradient: Float64Array,
): number {
  reserve(rankings.largest);
  let sum = 0;
  for (let r = 0; r < rankings.count; r++) {
    const w = weight[r];
    if (w === 0) continue;
    const m = load(rankings, r, utility);
    if (m < 0) return -Infinity;
    const from = rankings.start[r];
    let value = 0;
    let pull = 0; // Σ over the stages so far of 1/denominator
    let i = 0;
    while (i < m && rankings.level[from + i] !== UNRANKED_LEVEL) {
      const end = endOfTie(rankings, r, i, m);
      if (end === i + 1) {
        value += u[i] - Math.log(suffix[i]);
        pull += 1 / suffix[i];
        gradient[rankings.option[from + i]] += w * (1 - e[i] * pull);
      } else {
        loadTie(i, end);
        const tie = tiedGradient(tieU, tieE, end - i, suffix[end], tieOut);
        value += tie.value;
        for (let j = i; j < end; j++) {
          gradient[rankings.option[from + j]] += w * (tieOut[j - i] - e[j] * pull);
        }
        pull += tie.pull;
      }
      i = end;
    }
    for (; i < m; i++) gradient[rankings.option[from + i]] -= w * e[i] * pull;
    sum += w * value;
  }
  return sum;
}

/** Puts ∇²ℓ_r · direction of the loaded ranking into `local`. */
function loadedProduct(rankings: Rankings, r: number, m: number): void {
  const from = rankings.start[r];
  for (let i = m - 1, later = 0; i >= 0; i--) {
    later += e[i] * direction[i];
    local[i] = later; // Σ_{k ≥ i} e_k v_k, replaced by the product on the way down
  }
  let pull = 0;
  let slope = 0; // derivative of pull along the direction
  let i = 0;
  while (i < m && rankings.level[from + i] !== UNRANKED_LEVEL) {
    const end = endOfTie(rankings, r, i, m);
    if (end === i + 1) {
      const inverse = 1 / suffix[i];
      pull += inverse;
      slope -= inverse * inverse * local[i];
      local[i] = -e[i] * (direction[i] * pull + slope);
    } else {
      loadTie(i, end);
      for (let j = i; j < end; j++) tieV[j - i] = direction[j];
      const tie = tiedCurvature(tieU, tieE, end - i, suffix[end], tieV, end < m ? local[end] : 0, tieOut);
      for (let j = i; j < end; j++) local[j] = tieOut[j - i] - e[j] * (direction[j] * pull + slope);
      pull += tie.pull;
      slope += tie.slope;
    }
    i = end;
  }
  for (; i < m; i++) local[i] = -e[i] * (direction[i] * pull + slope);
}

/** Adds (−∇²_u Σ_r weight_r ℓ_r) · v to `out`; `v` and `out` by alternative. */
export function addCurvatureProduct(
  rankings: Rankings,
  utility: Float64Array,
  weight: Float64Array,
  v: Float64Array,
  out: Float64Array,
): void {
  reserve(rankings.largest);
  for (let r = 0; r < rankings.count; r++) {
    if (weight[r] === 0) continue;
    const m = load(rankings, r, utility);
    if (m < 0) continue;
    const from = rankings.start[r];
    for (let i = 0; i < m; i++) direction[i] = v[rankings.option[from + i]];
    loadedProduct(rankings, r, m);
    for (let i = 0; i < m; i++) out[rankings.option[from + i]] -= weight[r] * local[i];
  }
}

/** Square blocks of a matrix over the alternatives: only alternatives of one component meet in a choice set. */
export interface BlockMatrix {
  /** Component of each alternative, and its index within it. */
  readonly component: Int32Array;
  readonly index: Int32Array;
  /** Size of each component, and where its size² values begin in `values`. */
  readonly size: Int32Array;
  readonly offset: Float64Array;
  readonly values: Float64Array;
}

/** Adds −∇²_u Σ_r weight_r ℓ_r to the blocks. */
export function addCurvatureBlocks(
  rankings: Rankings,
  utility: Float64Array,
  weight: Float64Array,
  blocks: BlockMatrix,
): void {
  reserve(rankings.largest);
  const { component, index, values } = blocks;
  for (let r = 0; r < rankings.count; r++) {
    const w = weight[r];
    if (w === 0) continue;
    const m = load(rankings, r, utility);
    if (m < 0) continue;
    const from = rankings.start[r];
    const block = component[rankings.option[from]];
    const width = blocks.size[block];
    const base = blocks.offset[block];
    if (rankings.tied[r]) {
      direction.fill(0, 0, m);
      for (let k = 0; k < m; k++) {
        direction[k] = 1;
        loadedProduct(rankings, r, m);
        direction[k] = 0;
        const column = base + index[rankings.option[from + k]];
        for (let i = 0; i < m; i++) values[column + index[rankings.option[from + i]] * width] -= w * local[i];
      }
      continue;
    }
    // −∂²ℓ/∂u_i∂u_k = [i = k] e_i Σ_{j ≤ i} 1/S_j − e_i e_k Σ_{j ≤ min(i,k)} 1/S_j²
    let first = 0;
    let second = 0;
    for (let i = 0; i < m; i++) {
      if (rankings.level[from + i] !== UNRANKED_LEVEL) {
        first += 1 / suffix[i];
        second += 1 / (suffix[i] * suffix[i]);
      }
      local[i] = second;
      const row = base + index[rankings.option[from + i]] * width;
      const wi = w * e[i];
      for (let k = 0; k < i; k++) {
        const value = wi * e[k] * local[k];
        const other = rankings.option[from + k];
        values[row + index[other]] -= value;
        values[base + index[other] * width + (row - base) / width] -= value;
      }
      values[row + (row - base) / width] += wi * (first - e[i] * second);
    }
  }
}
