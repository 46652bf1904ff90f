import type { RewardModel } from '../../policy/reward-model';
import { random, type Random } from '../../random';
import type { DesignPatterns } from './design-patterns';
import { allOutcomes, drawOutcome, outcomeCount, type Outcome } from './outcomes';

/** A mixture at which information is taken. */
export interface MixturePoint {
  readonly shares: readonly number[];
  /** Reward of each alternative, by type. */
  readonly utility: readonly Float64Array[];
}

const OUTCOMES_PER_PARAMETER = 10;

export interface InformationOptions {
  readonly seed: number;
  /** About how many multiplications to spend; decides between summing all outcomes and drawing some. */
  readonly budget: number;
  /** Have every annotator in it, whatever that costs; otherwise some are drawn where they are many. */
  readonly everyone?: boolean;
}

/**
 * Receives one annotator outcome: its score and its weight, weights summing to 1 (in expectation). The score is 0 but for
 * `values` at the coordinates `at`, which ascend; both are reused.
 */
export type ScoreVisitor = (at: Int32Array, values: Float64Array, weight: number) => void;

export interface ScoreCount {
  readonly outcomes: number;
  /** Whether annotators were drawn too. A direction that those have information on is one that all have it on. */
  readonly drawn: boolean;
  /** Whether every outcome of every annotator was visited; otherwise they were drawn at random. */
  readonly exact: boolean;
}

/** Length of a score: K − 1 shares and K times the parameters of a type. */
export function scoreLength(model: RewardModel, types: number): number {
  return types - 1 + types * model.parameters;
}

/**
 * Visits the per-annotator score of the mixture
 *
 *     ∂η_k: γ_k/η_k − γ_K/η_K        ∂θ_k: γ_k Σ_records ∇ℓ_k
 *
 * for the outcomes of the dataset's own design: all of them where they are few, seeded draws otherwise; of all annotators,
 * or of some drawn where they are more than it takes.
 */
export function forEachScore(
  design: DesignPatterns,
  model: RewardModel,
  point: MixturePoint,
  options: InformationOptions,
  visit: ScoreVisitor,
): ScoreCount {
  const types = point.shares.length;
  const size = scoreLength(model, types);
  const scoresOf = scoreMaker(design, model, point, visit);
  const plan = planOutcomes(design, size, model, options);
  const byRecord: (Outcome[] | undefined)[] = [];
  const outcomesOf = (d: number): Outcome[] =>
    (byRecord[d] ??= allOutcomes(design.records[d], point.utility));
  const source = random(options.seed, types, 77);
  const chooser = random(options.seed, types, 78);
  let outcomes = 0;
  let enumerated = 0;
  for (let p = 0; p < design.count.length; p++) {
    if (plan.share < 1 && chooser.uniform() >= plan.share) continue;
    const records = design.record.subarray(design.start[p], design.start[p + 1]);
    const add = scoresOf(records);
    const weight = design.count[p] / design.annotators / plan.share;
    if (plan.enumerate[p]) {
      enumerated++;
      forEachJoint(Array.from(records, outcomesOf), (joint) => {
        add(joint, weight, true);
        outcomes++;
      });
    } else {
      for (let draw = 0; draw < plan.draws; draw++) {
        const type = source.choice(point.shares);
        const joint = drawAll(design, records, point, type, source);
        add(joint, weight / plan.draws, false);
        outcomes++;
      }
    }
  }
  return { outcomes, drawn: plan.share < 1, exact: enumerated === design.count.length };
}

function drawAll(
  design: DesignPatterns,
  records: Int32Array,
  point: MixturePoint,
  type: number,
  source: Random,
): Outcome[] {
  return Array.from(records, (d) => drawOutcome(design.records[d], point.utility, type, source));
}

interface OutcomePlan {
  /** By pattern: whether all of its outcomes are summed. */
  readonly enumerate: readonly boolean[];
  /** Outcomes that are drawn of each other one. */
  readonly draws: number;
  /** Share of the patterns that are drawn; 1: all of them are in. */
  readonly share: number;
}

function planOutcomes(
  design: DesignPatterns,
  size: number,
  { kind, parameters }: RewardModel,
  { budget, everyone = false }: InformationOptions,
): OutcomePlan {
  const joint = (p: number): number => {
    let count = 1;
    for (let i = design.start[p]; i < design.start[p + 1]; i++)
      count *= outcomeCount(design.records[design.record[i]]);
    return count;
  };
  // the outer product of a score (of a tabular policy it is 0 but where something was offered), and drawing an outcome
  // of each record for every type
  const sparse = kind === 'tabular';
  const types = Math.round(size / parameters);
  const recordsEach = design.record.length / design.count.length;
  const offered =
    design.record.reduce((sum, d) => sum + design.records[d].offered.length, 0) / design.count.length;
  const touched = types * Math.min(parameters, sparse ? offered : parameters);
  const cost = touched ** 2 / 2 + 100 * types * recordsEach;
  const counts = Array.from(design.count, (_, p) => joint(p));
  const affordable = budget / cost / counts.length;
  const enumerate = counts.map((n) => n <= Math.max(affordable, 2));
  const rest = enumerate.filter((e) => !e).length;
  // fewer outcomes than several times the parameters would make the smallest eigenvalues too small
  const least = OUTCOMES_PER_PARAMETER * size;
  const draws = Math.max(
    1,
    Math.ceil(least / Math.max(rest, 1)),
    Math.floor(budget / cost / Math.max(rest, 1)),
  );
  // a tabular policy has parameters that only few annotators know of: none may be left out
  if (sparse || everyone) return { enumerate, draws, share: 1 };
  const all = counts.reduce((sum, n, p) => sum + (enumerate[p] ? n : draws), 0);
  return { enumerate, draws, share: Math.min(1, Math.max(least, budget / cost) / all) };
}

function forEachJoint(records: readonly Outcome[][], visit: (joint: readonly Outcome[]) => void): void {
  const joint: Outcome[] = [];
  const next = (i: number): void => {
    if (i === records.length) {
      visit(joint);
      return;
    }
    for (const outcome of records[i]) {
      joint[i] = outcome;
      next(i + 1);
    }
  };
  next(0);
}

/** Makes the score of one joint outcome and passes it on with weight × (its probability, if enumerated). */
type AddScore = (joint: readonly Outcome[], weight: number, byProbability: boolean) => void;

/** For each pattern: its records in, the maker of its scores out. */
function scoreMaker(
  design: DesignPatterns,
  model: RewardModel,
  point: MixturePoint,
  visit: ScoreVisitor,
): (records: Int32Array) => AddScore {
  const { shares } = point;
  const types = shares.length;
  const gamma = new Float64Array(types);
  const rewardsOf =
    model.kind === 'tabular' ? ownRewards(design, model, types) : allParameters(design, model, types);
  return (records) => {
    const { at, values, fill } = rewardsOf(records);
    return (joint, weight, byProbability) => {
      let largest = -Infinity;
      for (let k = 0; k < types; k++) {
        gamma[k] = Math.log(shares[k]);
        for (const outcome of joint) gamma[k] += outcome.logProbability[k];
        largest = Math.max(largest, gamma[k]);
      }
      let sum = 0;
      for (let k = 0; k < types; k++) {
        gamma[k] = Math.exp(gamma[k] - largest);
        sum += gamma[k];
      }
      const factor = byProbability ? weight * Math.exp(largest) * sum : weight;
      for (let k = 0; k < types; k++) gamma[k] /= sum;
      for (let k = 0; k + 1 < types; k++)
        values[k] = gamma[k] / shares[k] - gamma[types - 1] / shares[types - 1];
      fill(joint, gamma);
      visit(at, values, factor);
    };
  };
}

/** Coordinates of a score, its values, and what writes those of θ: γ_k Σ_records ∇ℓ_k for every type. */
interface ScoreRow {
  readonly at: Int32Array;
  readonly values: Float64Array;
  readonly fill: (joint: readonly Outcome[], gamma: Float64Array) => void;
}

/**
 * Of a tabular policy: the rewards of what the annotator was offered, and no others. Nothing has to be centred, as the
 * slopes of a record sum to 0.
 */
function ownRewards(
  { records: designs }: DesignPatterns,
  { parameters }: RewardModel,
  types: number,
): (records: Int32Array) => ScoreRow {
  return (records) => {
    const { offered, places } = offeredIn(designs, records);
    const n = offered.length;
    const at = new Int32Array(types - 1 + types * n);
    for (let k = 0; k + 1 < types; k++) at[k] = k;
    for (let k = 0; k < types; k++)
      for (let i = 0; i < n; i++) at[types - 1 + k * n + i] = types - 1 + k * parameters + offered[i];
    const values = new Float64Array(at.length);
    const slopes = values.subarray(types - 1);
    return {
      at,
      values,
      fill: (joint, gamma) => {
        addSlopes(joint, gamma, places, n, slopes);
      },
    };
  };
}

/** Of a log-linear policy: all its parameters. */
function allParameters(
  { records: designs }: DesignPatterns,
  model: RewardModel,
  types: number,
): (records: Int32Array) => ScoreRow {
  const d = model.parameters;
  const size = scoreLength(model, types);
  const at = Int32Array.from({ length: size }, (_, i) => i);
  const values = new Float64Array(size);
  return (records) => {
    const { offered, places } = offeredIn(designs, records);
    const features = new Float64Array(offered.length * d);
    offered.forEach((a, i) => {
      features.set(model.features!(a), i * d);
    });
    const slopes = new Float64Array(types * offered.length);
    return {
      at,
      values,
      fill: (joint, gamma) => {
        addSlopes(joint, gamma, places, offered.length, slopes);
        for (let k = 0; k < types; k++) {
          const from = types - 1 + k * d;
          const own = slopes.subarray(k * offered.length, (k + 1) * offered.length);
          combine(features, own, values.subarray(from, from + d));
        }
      },
    };
  };
}

/** Slopes = γ_k Σ_records ∂ℓ_k/∂u, types × n, of the alternatives at the places of each record. */
function addSlopes(
  joint: readonly Outcome[],
  gamma: Float64Array,
  places: readonly Int32Array[],
  n: number,
  slopes: Float64Array,
): void {
  slopes.fill(0);
  for (let r = 0; r < joint.length; r++) {
    const { gradient } = joint[r];
    const own = places[r];
    for (let k = 0; k < gamma.length; k++)
      for (let i = 0; i < own.length; i++) slopes[k * n + own[i]] += gamma[k] * gradient[k * own.length + i];
  }
}

/** out = Σ_i w_i × row i. Four rows at a time, as `out` is read and written for each. */
function combine(rows: Float64Array, w: Float64Array, out: Float64Array): void {
  const d = out.length;
  out.fill(0);
  let i = 0;
  for (; i + 3 < w.length; i += 4) {
    const [w0, w1, w2, w3] = [w[i], w[i + 1], w[i + 2], w[i + 3]];
    for (let j = 0, a = i * d; j < d; j++, a++)
      out[j] += w0 * rows[a] + w1 * rows[a + d] + (w2 * rows[a + 2 * d] + w3 * rows[a + 3 * d]);
  }
  for (; i < w.length; i++) for (let j = 0, a = i * d; j < d; j++, a++) out[j] += w[i] * rows[a];
}

/** Distinct alternatives that some record offers, ascending; and where among them those of each record stand. */
function offeredIn(
  designs: DesignPatterns['records'],
  records: Int32Array,
): { readonly offered: Int32Array; readonly places: readonly Int32Array[] } {
  const distinct = new Set<number>();
  for (const d of records) for (const y of designs[d].offered) distinct.add(y);
  const offered = Int32Array.from(distinct).sort();
  const place = new Map<number, number>();
  offered.forEach((a, i) => place.set(a, i));
  return { offered, places: Array.from(records, (d) => designs[d].offered.map((a) => place.get(a)!)) };
}
