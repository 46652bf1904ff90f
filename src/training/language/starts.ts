import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { loglinear, type FeatureMatrix } from '../../policy/loglinear';
import { random } from '../../random';
import { agreementPosterior } from '../agreement';
import type { RewardModel } from '../../policy/reward-model';
import type { Expectation } from '../e-step';
import { fitMixture } from '../fit';
import { maximise, rankingWeights, updateShares } from '../m-step';
import { crossFittedExpectation } from './e-step';
import { half, type Folds } from './folds';
import type { HostTensors } from '../../compute/graph/program';
import { responseEmbeddings } from './score';
import type { Texts } from './texts';
import type { Workbench } from './workbench';

/** A set of assignments that EM could start from. */
export interface StartCandidate {
  readonly kind: 'agreement' | 'embeddings' | 'random';
  /** Of all records, each scored by a log-linear policy trained on others; absent where there was nothing to compare. */
  readonly logLikelihood?: number;
}

/** Where annotators start. */
export interface Start {
  readonly candidates: readonly StartCandidate[];
  /** Index of the candidate that is taken. */
  readonly chosen: number;
  /** γ, profiles × K. */
  readonly gamma: Float64Array;
}

export interface StartOptions {
  readonly types: number;
  /** Starting points of the log-linear EM. */
  readonly starts: number;
}

/** Directions of the embeddings that features keep. */
const MOST_DIRECTIONS = 24;
/** Wider embeddings are projected at random first: finding their directions would take minutes. */
const WIDEST = 256;
/** Embeddings that vary less do not differ but for rounding. */
const LEAST_VARIANCE = 1e-18;
const START_STREAM = 12;
/** Priors of the log-linear EM on these features, of which the one that predicts best is taken. */
export const EMBEDDING_PRIORS: readonly number[] = [1, 3, 10, 30];
/** Rounds of cross-fitted EM that each candidate gets at most, before they are compared. */
const ROUNDS = 15;
/** Nats by annotator that a round has to gain. */
const LEAST_GAIN = 1e-4;

/**
 * Finds where EM on language models starts. Candidates are the posterior of a log-linear mixture over embeddings of the
 * responses under the reference model (the best of several starts), and clusters of annotators who answered alike. Each
 * goes through some rounds of cross-fitted EM with log-linear policies, which cost seconds; the one under which all
 * records are likeliest is taken. Where neither says anything, annotators are assigned at random; never uniformly, which
 * is a fixed point of EM.
 *
 * @param parameters at which the policy is the reference
 * @param reference log π_ref by response
 */
export async function findStart(
  bench: Workbench,
  parameters: HostTensors,
  reference: Float64Array,
  folds: Folds,
  { types, starts }: StartOptions,
): Promise<Start> {
  const { problem, seed, texts, policy, breathe } = bench;
  const embeddings = await responseEmbeddings(bench, parameters);
  const features = responseFeatures(texts, embeddings, policy.hidden, reference, seed);
  const clusters = agreementPosterior(problem, types, random(seed, START_STREAM, 1));
  const agreement = clusters && shareUnclustered(clusters, types);
  if (features.dimensions === 0) {
    const gamma = agreement ?? randomPosterior(bench, types);
    return { candidates: [{ kind: agreement ? 'agreement' : 'random' }], chosen: 0, gamma };
  }
  const model = loglinear(features);
  let best: Refined | undefined;
  for (const prior of EMBEDDING_PRIORS) {
    const options = {
      types,
      starts,
      seed,
      prior,
      tolerance: 1e-5,
      iterations: 200,
      breathe,
      onIteration: () => undefined,
    };
    const fit = await fitMixture(problem, model, options);
    const found = await refine(bench, model, folds, fit.gamma, types, prior);
    if (!best || found.logLikelihood > best.logLikelihood) best = found;
  }
  const { prior } = best!;
  const tried: (Refined & Pick<StartCandidate, 'kind'>)[] = [{ kind: 'embeddings', ...best! }];
  if (agreement)
    tried.push({ kind: 'agreement', ...(await refine(bench, model, folds, agreement, types, prior)) });
  const chosen = tried.reduce(
    (best, { logLikelihood }, i) => (logLikelihood > tried[best].logLikelihood ? i : best),
    0,
  );
  return {
    candidates: tried.map(({ kind, logLikelihood }) => ({ kind, logLikelihood })),
    chosen,
    gamma: tried[chosen].gamma,
  };
}

interface Refined extends Expectation {
  readonly prior: number;
}

/** Cross-fitted EM with log-linear policies, for as long as the likelihood gains. */
async function refine(
  { problem, breathe }: Workbench,
  model: RewardModel,
  folds: Folds,
  start: Float64Array,
  types: number,
  prior: number,
): Promise<Refined> {
  const parts = [0, 1].map((fold) => half(problem, folds, fold));
  const theta = parts.map(() => Array.from({ length: types }, () => new Float64Array(model.parameters)));
  const shares = new Float64Array(types);
  let gamma = start;
  let best: Expectation | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    updateShares(problem, gamma, shares);
    const rewards: Float64Array[][] = parts.map(() => []);
    for (const [p, part] of parts.entries()) {
      for (let k = 0; k < types; k++) {
        const utility = new Float64Array(problem.rankings.alternatives);
        maximise(problem, model, rankingWeights(part, gamma, types, k), prior, theta[p][k], utility);
        rewards[p].push(utility);
        await breathe();
      }
    }
    const found = crossFittedExpectation(problem, shares, rewards, folds);
    if (best && !(found.logLikelihood > best.logLikelihood + LEAST_GAIN * problem.annotators)) break;
    best = found;
    ({ gamma } = found);
  }
  return { ...best!, prior };
}

/** Profiles that were not sampled for clustering say nothing yet. */
function shareUnclustered(gamma: Float64Array, types: number): Float64Array {
  for (let at = 0; at < gamma.length; at += types) {
    const row = gamma.subarray(at, at + types);
    if (row.every((g) => g === 0)) row.fill(1 / types);
  }
  return gamma;
}

/** Posteriors that lean towards a type drawn at random. */
export function randomPosterior({ problem, seed }: Workbench, types: number): Float64Array {
  const source = random(seed, START_STREAM, 2);
  const gamma = new Float64Array(problem.profiles * types).fill(0.2 / types);
  for (let p = 0; p < problem.profiles; p++) gamma[p * types + source.below(types)] += 0.8;
  return gamma;
}

/**
 * Features of responses for a log-linear mixture, after the mean of the prompt is subtracted: the leading directions of
 * the embeddings, the first with standard deviation 1 and the others as much smaller as they are in the embeddings, so
 * that a prior on their weights is one on directions in which responses hardly differ; and the number of tokens and the
 * mean log-probability of a token, with standard deviation 1.
 */
export function responseFeatures(
  texts: Texts,
  embeddings: Float64Array,
  width: number,
  reference: Float64Array,
  seed: number,
): FeatureMatrix {
  const { used } = texts;
  const projected = width > WIDEST ? project(embeddings, width, WIDEST, seed) : embeddings;
  const d = Math.min(width, WIDEST);
  const rows = new Matrix(used.length, d);
  used.forEach((y, i) => {
    for (let j = 0; j < d; j++) rows.set(i, j, projected[y * d + j]);
  });
  centreByPrompt(rows, texts);
  const covariance = rows.transpose().mmul(rows).div(used.length);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, {
    assumeSymmetric: true,
  });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b] - realEigenvalues[a]);
  const largest = Math.max(...realEigenvalues);
  const kept =
    largest > LEAST_VARIANCE
      ? order.slice(0, MOST_DIRECTIONS).filter((i) => realEigenvalues[i] > 1e-6 * largest)
      : [];
  const unit = Math.sqrt(largest);
  const columns = kept.map((i) => rows.mmul(eigenvectorMatrix.getColumnVector(i)).div(unit).to1DArray());
  const own = new Matrix(used.length, 2);
  used.forEach((y, i) => {
    own.setRow(i, [texts.response[y].length, reference[y] / texts.response[y].length]);
  });
  centreByPrompt(own, texts);
  for (const j of [0, 1]) {
    const column = standardised(own.getColumn(j));
    if (column) columns.push(column);
  }
  const values = new Float64Array(texts.response.length * columns.length);
  used.forEach((y, i) => {
    columns.forEach((column, j) => (values[y * columns.length + j] = column[i]));
  });
  return { alternatives: texts.response.length, dimensions: columns.length, values };
}

/** @returns undefined for a column that does not vary */
function standardised(column: readonly number[]): number[] | undefined {
  const deviation = Math.sqrt(column.reduce((sum, v) => sum + v * v, 0) / column.length);
  return deviation > 1e-9 ? column.map((v) => v / deviation) : undefined;
}

/** What all responses of a prompt share has no influence on a ranking. */
function centreByPrompt(rows: Matrix, { used, promptOf }: Texts): void {
  const members = new Map<number, number[]>();
  used.forEach((y, i) => {
    const list = members.get(promptOf[y]);
    if (list) list.push(i);
    else members.set(promptOf[y], [i]);
  });
  for (const list of members.values()) {
    for (let j = 0; j < rows.columns; j++) {
      const mean = list.reduce((sum, i) => sum + rows.get(i, j), 0) / list.length;
      for (const i of list) rows.set(i, j, rows.get(i, j) - mean);
    }
  }
}

/** A random projection keeps distances (Johnson and Lindenstrauss 1984). */
function project(values: Float64Array, from: number, to: number, seed: number): Float64Array {
  const source = random(seed, START_STREAM, 3);
  const matrix = Float64Array.from({ length: from * to }, () => source.normal() / Math.sqrt(to));
  const count = values.length / from;
  const out = new Float64Array(count * to);
  for (let y = 0; y < count; y++) {
    for (let i = 0; i < from; i++) {
      const value = values[y * from + i];
      if (value !== 0) for (let j = 0; j < to; j++) out[y * to + j] += value * matrix[i * to + j];
    }
  }
  return out;
}
