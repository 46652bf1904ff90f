import type { LogPolicy, ResponseList } from '../policy/response-policy';
import { answeredPrompts, logRatio } from './expectation';

export interface DualPoint {
  /** D(λ) = Σ_k λ_k c_k L_kk − E_x log Z_λ(x). */
  readonly dual: number;
  /** ∂D/∂λ_k = c_k (L_kk − E_{π_λ}[ρ_k]) = R_k(π_λ), the regret of type k under π_λ. */
  readonly gradient: number[];
  /** −∂²D/∂λ² = E_x Cov_{π_λ}(cρ), positive semidefinite. */
  readonly curvature: number[][];
  readonly policy: LogPolicy;
}

/** The dual of one aggregation problem, ready to be evaluated at any λ. */
export interface Dual {
  readonly types: number;
  at(lambda: readonly number[]): DualPoint;
  /** First and second derivative of D at λ + t·direction, with respect to t. */
  along(
    lambda: readonly number[],
    direction: readonly number[],
  ): (t: number) => { slope: number; curvature: number };
}

/**
 * The concave dual D(λ) whose maximum gives the log-linear policy (log-linear.ts).
 *
 * @param diagonal L_kk in nats
 * @param protection c by type
 */
export function dualProblem(
  list: ResponseList,
  logPolicies: readonly LogPolicy[],
  diagonal: readonly number[],
  protection: readonly number[],
): Dual {
  const types = logPolicies.length;
  const positions = list.logReference.length;
  const ratios = logPolicies.map((policy, k) => logRatio(list, policy).map((ratio) => protection[k] * ratio));
  const own = diagonal.map((value, k) => protection[k] * value);
  const prompts = answeredPrompts(list);
  const tilt = (coefficients: readonly number[]) => {
    const sum = new Float64Array(positions);
    coefficients.forEach((value, k) => {
      if (value !== 0) for (let i = 0; i < positions; i++) sum[i] += value * ratios[k][i];
    });
    return sum;
  };
  return {
    types,
    at(lambda) {
      const policy = tilt(lambda);
      const logZ = normalise(list, policy);
      const gradient = own.slice();
      const curvature = own.map(() => new Array<number>(types).fill(0));
      for (let x = 0; x < list.prompts; x++) {
        const mean = new Array<number>(types).fill(0);
        for (let i = list.start[x]; i < list.start[x + 1]; i++) {
          const p = Math.exp(policy[i]);
          for (let k = 0; k < types; k++) mean[k] += p * ratios[k][i];
        }
        for (let k = 0; k < types; k++) gradient[k] -= mean[k] / prompts;
        for (let i = list.start[x]; i < list.start[x + 1]; i++) {
          const p = Math.exp(policy[i]) / prompts;
          for (let k = 0; k < types; k++) {
            const a = p * (ratios[k][i] - mean[k]);
            for (let l = 0; l <= k; l++) curvature[k][l] += a * (ratios[l][i] - mean[l]);
          }
        }
      }
      for (let k = 0; k < types; k++) for (let l = 0; l < k; l++) curvature[l][k] = curvature[k][l];
      return { dual: dot(lambda, own) - logZ / prompts, gradient, curvature, policy };
    },
    along(lambda, direction) {
      const base = tilt(lambda);
      const change = tilt(direction);
      const linear = dot(direction, own);
      const policy = new Float64Array(positions);
      return (t) => {
        for (let i = 0; i < positions; i++) policy[i] = base[i] + t * change[i];
        normalise(list, policy);
        let slope = linear;
        let curvature = 0;
        for (let x = 0; x < list.prompts; x++) {
          let mean = 0;
          for (let i = list.start[x]; i < list.start[x + 1]; i++) mean += Math.exp(policy[i]) * change[i];
          for (let i = list.start[x]; i < list.start[x + 1]; i++) {
            curvature -= (Math.exp(policy[i]) * (change[i] - mean) ** 2) / prompts;
          }
          slope -= mean / prompts;
        }
        return { slope, curvature };
      };
    },
  };
}

/** Turns tilts s into log π = log π_ref + s − log Z in place, by prompt; returns Σ_x log Z(x). */
function normalise(list: ResponseList, tilt: Float64Array): number {
  let total = 0;
  for (let x = 0; x < list.prompts; x++) {
    const from = list.start[x];
    const to = list.start[x + 1];
    if (from === to) continue;
    let largest = -Infinity;
    for (let i = from; i < to; i++) {
      tilt[i] += list.logReference[i];
      if (tilt[i] > largest) largest = tilt[i];
    }
    let sum = 0;
    for (let i = from; i < to; i++) sum += Math.exp(tilt[i] - largest);
    const logZ = largest + Math.log(sum);
    for (let i = from; i < to; i++) tilt[i] -= logZ;
    total += logZ;
  }
  return total;
}

export function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
