import type { RewardModel } from '../../policy/reward-model';
import type { Random } from '../../random';
import type { RecordDesign } from './design-patterns';
import { allOutcomes, drawOutcome, outcomeCount, type Outcome } from './outcomes';
import type { MixturePoint } from './scores';

/** A direction in parameter space as its effect on shares and on the rewards of the alternatives. */
export interface Along {
  /** By type; they sum to 0. */
  readonly shares: Float64Array;
  /** By type. */
  readonly utility: readonly Float64Array[];
}

/** Joint outcomes up to which all are summed, and how many are drawn beyond. */
const MOST_OUTCOMES = 256;
const DRAWS = 128;

/** @param v over (η_1 … η_{K−1}, θ_1 … θ_K) */
export function along(model: RewardModel, v: Float64Array, types: number, alternatives: number): Along {
  const shares = new Float64Array(types);
  for (let k = 0; k + 1 < types; k++) {
    shares[k] = v[k];
    shares[types - 1] -= v[k];
  }
  const utility = Array.from({ length: types }, (_, k) => {
    const u = new Float64Array(alternatives);
    const from = types - 1 + k * model.parameters;
    model.rewards(v.subarray(from, from + model.parameters), u);
    return u;
  });
  return { shares, utility };
}

/** A record's outcome as far as directions are concerned. */
interface Slope {
  readonly logProbability: Float64Array;
  /** ∇ℓ_k along each direction, by direction and type. */
  readonly slope: readonly Float64Array[];
}

/**
 * Σ over the directions of the information of an annotator's records, E[(s · v)²]; or of what the records after the first
 * `given` add to these. A score given part of the records is its expectation over the others, so what they add is
 * E[(s · v − s_given · v)²]: never negative, and little disturbed where outcomes are drawn.
 */
export type InformationAlong = (records: readonly RecordDesign[], source: Random, given?: number) => number;

/**
 * Fisher information of one annotator's records along some directions, without ever forming a score: the cost is that of
 * the records alone, however many parameters there are.
 */
export function informationAlong(point: MixturePoint, directions: readonly Along[]): InformationAlong {
  const known = new Map<RecordDesign, Slope[]>();
  const slopesOf = (record: RecordDesign): Slope[] => {
    let slopes = known.get(record);
    if (!slopes) {
      slopes = allOutcomes(record, point.utility).map((outcome) => slopeOf(record, outcome, directions));
      known.set(record, slopes);
    }
    return slopes;
  };
  return (records, source, given = 0) => {
    const value = (joint: readonly Slope[], byProbability: boolean): number =>
      squaredGain(point, directions, joint, given, byProbability);
    if (records.reduce((n, record) => n * outcomeCount(record), 1) <= MOST_OUTCOMES)
      return sumOfAll(records.map(slopesOf), (joint) => value(joint, true));
    let sum = 0;
    for (let draw = 0; draw < DRAWS; draw++) {
      const type = source.choice(point.shares);
      const joint = records.map((record) => {
        if (outcomeCount(record) > MOST_OUTCOMES)
          return slopeOf(record, drawOutcome(record, point.utility, type, source), directions);
        const slopes = slopesOf(record);
        return slopes[source.choice(slopes.map(({ logProbability }) => Math.exp(logProbability[type])))];
      });
      sum += value(joint, false);
    }
    return sum / DRAWS;
  };
}

function slopeOf({ offered }: RecordDesign, outcome: Outcome, directions: readonly Along[]): Slope {
  const m = offered.length;
  const slope = directions.map(({ utility }) =>
    Float64Array.from(utility, (u, k) => {
      let sum = 0;
      for (let i = 0; i < m; i++) sum += outcome.gradient[k * m + i] * u[offered[i]];
      return sum;
    }),
  );
  return { logProbability: outcome.logProbability, slope };
}

function sumOfAll(records: readonly Slope[][], value: (joint: readonly Slope[]) => number): number {
  const joint: Slope[] = [];
  const next = (i: number): number =>
    i === records.length
      ? value(joint)
      : records[i].reduce((sum, slope) => {
          joint[i] = slope;
          return sum + next(i + 1);
        }, 0);
  return next(0);
}

/** Σ (s · v − s_given · v)² at one joint outcome, times its probability where it is asked for. */
function squaredGain(
  point: MixturePoint,
  directions: readonly Along[],
  joint: readonly Slope[],
  given: number,
  byProbability: boolean,
): number {
  const all = scoresAlong(point, directions, joint);
  const before = given === 0 ? undefined : scoresAlong(point, directions, joint.slice(0, given));
  const squares = all.scores.reduce((sum, score, d) => sum + (score - (before?.scores[d] ?? 0)) ** 2, 0);
  return byProbability ? squares * all.probability : squares;
}

/** Score along each direction, and the probability of the outcome. */
function scoresAlong(
  { shares }: MixturePoint,
  directions: readonly Along[],
  joint: readonly Slope[],
): { scores: number[]; probability: number } {
  const types = shares.length;
  const gamma = new Float64Array(types);
  let largest = -Infinity;
  for (let k = 0; k < types; k++) {
    gamma[k] = Math.log(shares[k]);
    for (const { logProbability } of joint) gamma[k] += logProbability[k];
    largest = Math.max(largest, gamma[k]);
  }
  let total = 0;
  for (let k = 0; k < types; k++) {
    gamma[k] = Math.exp(gamma[k] - largest);
    total += gamma[k];
  }
  const scores = directions.map((direction, d) => {
    let score = 0;
    for (let k = 0; k < types; k++) {
      let slope = direction.shares[k] / shares[k];
      for (const each of joint) slope += each.slope[d][k];
      score += (gamma[k] / total) * slope;
    }
    return score;
  });
  return { scores, probability: Math.exp(largest) * total };
}
