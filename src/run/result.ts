import * as v from 'valibot';
import type { RunResult } from '../protocol/result';
import { writeAtomic } from './atomic';
import { check, readChecked, toJson } from './checked';
import type { Shape } from './checked';
import { runFile } from './run-files';
import { stabilityShape } from './stability-shape';

const numbers = v.array(v.number());
const matrix = v.array(numbers);
const score = v.nullable(v.number());

const opinion = v.looseObject({
  prompt: v.string(),
  response: v.string(),
  probability: v.number(),
  reference: v.number(),
  reward: v.number(),
});

const candidate = v.looseObject({
  name: v.string(),
  kind: v.picklist(['type', 'plain-dpo', 'mixture', 'loglinear', 'distilled']),
  regret: numbers,
  worst: v.number(),
  weights: v.optional(numbers),
});

const fit = v.looseObject({
  policy: v.picklist(['tabular', 'loglinear', 'transformer']),
  types: v.number(),
  logLikelihood: v.number(),
  bic: score,
  icl: score,
  parameters: v.number(),
  annotators: v.number(),
  records: v.number(),
  converged: v.boolean(),
  iterations: v.number(),
  seconds: v.number(),
  prior: v.number(),
  beta: v.number(),
});

const type = v.looseObject({
  name: v.string(),
  share: v.number(),
  annotators: v.number(),
  liked: v.array(opinion),
  disliked: v.array(opinion),
  coefficients: v.optional(v.array(v.looseObject({ name: v.string(), value: v.number() }))),
});

const start = v.looseObject({
  kind: v.picklist(['agreement', 'random', 'outlier', 'split', 'embeddings']),
  logLikelihood: v.number(),
  objective: v.optional(v.number()),
  iterations: v.optional(v.number()),
  converged: v.optional(v.boolean()),
  agreement: v.optional(v.number()),
});

const selection = v.looseObject({
  types: v.number(),
  logLikelihood: v.number(),
  parameters: v.number(),
  bic: score,
  icl: score,
  heldOut: score,
  heldOutStandardError: score,
  behindBest: v.optional(score),
  behindBestStandardError: v.optional(score),
});

const regret = v.looseObject({
  matrix,
  standardError: v.nullable(matrix),
  protection: numbers,
  weights: numbers,
  value: v.number(),
  adversary: numbers,
  gap: v.number(),
  solver: v.picklist(['exact', 'multiplicative-weights']),
  sensitivity: v.array(
    v.looseObject({
      beta: v.number(),
      weights: numbers,
      value: v.number(),
      candidates: v.array(candidate),
    }),
  ),
});

const divide = v.looseObject({
  prompt: v.string(),
  divergence: v.number(),
  responses: v.array(v.looseObject({ text: v.string(), probability: numbers })),
});

const interval = v.optional(v.tuple([v.number(), v.number()]));
const baselineRegret = {
  regret: numbers,
  standardError: v.optional(numbers),
  worst: v.number(),
  worstInterval: interval,
};
const yardstick = v.picklist(['true', 'known', 'fitted']);

const baseline = v.looseObject({
  ...baselineRegret,
  name: v.string(),
  kind: v.picklist(['em-min-max', 'em-uniform', 'plain-dpo', 'hard-em', 'clusters', 'oracle']),
  worstAgainstFirst: interval,
  also: v.array(v.looseObject({ ...baselineRegret, yardstick })),
  heldOutLogLikelihood: score,
  accuracy: v.array(score),
  adjustedRand: score,
});

const comparison = v.looseObject({
  yardstick,
  types: v.array(v.string()),
  groups: v.array(v.string()),
  heldOutRecords: v.number(),
  notes: v.array(v.string()),
});

const attribute = v.looseObject({
  name: v.string(),
  values: v.array(v.string()),
  adjustedRand: v.number(),
  confusion: matrix,
  untold: v.number(),
});

const shape: Shape<RunResult> = v.looseObject({
  fit,
  types: v.array(type),
  starts: v.array(start),
  selection: v.array(selection),
  recommendation: v.optional(
    v.looseObject({
      types: v.number(),
      best: v.number(),
      canTell: v.boolean(),
      reasons: v.array(v.string()),
      by: v.optional(v.picklist(['embeddings'])),
    }),
  ),
  posterior: v.looseObject({ meanEntropy: v.number(), certain: v.number(), effectiveTypes: v.number() }),
  regret,
  candidates: v.array(candidate),
  divides: v.array(divide),
  known: v.optional(
    v.looseObject({
      names: v.array(v.string()),
      accuracy: v.number(),
      adjustedRand: v.number(),
      confusion: matrix,
    }),
  ),
  baselines: v.optional(v.array(baseline)),
  comparison: v.optional(comparison),
  attribute: v.optional(attribute),
  stability: v.optional(stabilityShape),
  alarms: v.array(v.looseObject({ code: v.string(), message: v.string() })),
  treatment: v.array(v.string()),
});

/**
 * Writes result.json, after making sure that it can be read again: a number that is not finite would come back as
 * null.
 */
export async function writeResult(directory: string, result: RunResult): Promise<void> {
  const file = runFile(directory, 'result');
  const json = toJson(result);
  check(shape, JSON.parse(json), 'What the fit returned');
  await writeAtomic(file, json);
}

/**
 * @returns undefined when the run has no result (yet)
 * @throws RunError when result.json is damaged
 */
export async function readResult(directory: string): Promise<RunResult | undefined> {
  return readChecked(runFile(directory, 'result'), shape);
}
