import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { loglinear, type FeatureMatrix } from '../../policy/loglinear';
import { random } from '../../random';
import { agreementPosterior } from '../agreement';
import { fitMixture } from '../fit';
import { adjustedRand, hardLabels } from '../labels';
import type { HostTensors } from '../../compute/graph/program';
import { responseEmbeddings } from './score';
import type { Texts } from './texts';
import type { Workbench } from './workbench';

/** Where annotators may start. */
export interface StartCandidate {
  readonly kind: 'agreement' | 'embeddings' | 'random';
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
const START_STREAM = 12;
/** Prior of the log-linear EM on standardised features. */
const PRIOR = 1;
/** Two starts whose assignments agree more than this are one. */
const SAME = 0.8;

/**
 * Starting points for EM on language models, the likeliest to be good first: the posterior of a log-linear mixture over
 * embeddings of the responses under the reference model, and clusters of annotators who answered alike. Where neither
 * says anything, annotators are assigned at random; never uniformly, which is a fixed point of EM.
 *
 * @param reference log π_ref by response
 * @param parameters at which the policy is the reference
 */
export async function startCandidates(
  bench: Workbench,
  parameters: HostTensors,
  reference: Float64Array,
  { types, starts }: StartOptions,
): Promise<StartCandidate[]> {
  const { problem, seed } = bench;
  const features = responseFeatures(
    bench.texts,
    await responseEmbeddings(bench, parameters),
    bench.policy.hidden,
    reference,
    seed,
  );
  const candidates: StartCandidate[] = [];
  if (features.dimensions > 0) {
    const fit = await fitMixture(problem, loglinear(features), {
      types,
      starts,
      seed,
      prior: PRIOR,
      tolerance: 1e-5,
      iterations: 200,
      breathe: bench.breathe,
      onIteration: () => undefined,
    });
    candidates.push({ kind: 'embeddings', gamma: fit.gamma });
  }
  const clusters = agreementPosterior(problem, types, random(seed, START_STREAM, 1));
  if (clusters) {
    const agreement = { kind: 'agreement', gamma: shareUnclustered(clusters, types) } as const;
    const labels = hardLabels(agreement.gamma, types);
    const known = candidates.some(
      ({ gamma }) => adjustedRand(hardLabels(gamma, types), labels, problem.profileCount) > SAME,
    );
    if (!known) candidates.push(agreement);
  }
  if (candidates.length === 0) candidates.push({ kind: 'random', gamma: randomPosterior(bench, types) });
  return candidates;
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
 * Features of responses for a log-linear mixture: the leading directions of the embeddings, the number of tokens and
 * the mean log-probability of a token, each with standard deviation 1 after the mean of the prompt is subtracted.
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
  const kept = order.slice(0, MOST_DIRECTIONS).filter((i) => realEigenvalues[i] > 1e-6 * largest);
  const columns = kept.map((i) => rows.mmul(eigenvectorMatrix.getColumnVector(i)).to1DArray());
  const own = new Matrix(used.length, 2);
  used.forEach((y, i) => {
    own.setRow(i, [texts.response[y].length, reference[y] / texts.response[y].length]);
  });
  centreByPrompt(own, texts);
  columns.push(own.getColumn(0), own.getColumn(1));
  const standard = columns.map(standardised).filter((column) => column !== undefined);
  const values = new Float64Array(texts.response.length * standard.length);
  used.forEach((y, i) => {
    standard.forEach((column, j) => (values[y * standard.length + j] = column[i]));
  });
  return { alternatives: texts.response.length, dimensions: standard.length, values };
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
