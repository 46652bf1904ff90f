import * as v from 'valibot';
import type { Experiment } from '../protocol/experiment';
import type { Shape } from './checked';
import type { ExperimentRequest } from './experiment';

const policy = v.variant('kind', [
  v.looseObject({ kind: v.literal('tabular'), over: v.picklist(['auto', 'items', 'responses']) }),
  v.looseObject({
    kind: v.literal('loglinear'),
    features: v.picklist(['auto', 'given', 'ngrams']),
    dimensions: v.number(),
  }),
  v.looseObject({
    kind: v.literal('transformer'),
    model: v.string(),
    train: v.picklist(['lora', 'full']),
    lora: v.looseObject({
      rank: v.number(),
      alpha: v.number(),
      targets: v.union([v.literal('all-linear'), v.array(v.string())]),
    }),
    scratch: v.looseObject({ layers: v.number(), hidden: v.number(), heads: v.number(), epochs: v.number() }),
    promptTokens: v.number(),
    responseTokens: v.number(),
    rounds: v.number(),
    crossFit: v.boolean(),
    optimizer: v.looseObject({
      learningRate: v.number(),
      batch: v.number(),
      accumulate: v.number(),
      epochs: v.number(),
      warmup: v.number(),
      weightDecay: v.number(),
      clip: v.number(),
    }),
    sampling: v.looseObject({
      prompts: v.number(),
      responses: v.number(),
      distillation: v.optional(v.number(), 2000),
      temperature: v.number(),
      topP: v.number(),
    }),
  }),
]);

const dataset = {
  path: v.string(),
  form: v.optional(v.string()),
  columns: v.optional(v.record(v.string(), v.string())),
  split: v.optional(v.string()),
  ties: v.picklist(['average', 'drop']),
};

const unranked = v.picklist(['offered', 'absent']);

/** What the data does not decide. */
const settled = {
  types: v.union([v.number(), v.array(v.number()), v.literal('auto')]),
  beta: v.number(),
  em: v.looseObject({
    starts: v.number(),
    tolerance: v.number(),
    iterations: v.number(),
    prior: v.number(),
  }),
  aggregate: v.looseObject({
    protection: v.array(v.number()),
    single: v.picklist(['mixture', 'loglinear', 'distilled']),
    solver: v.picklist(['exact', 'multiplicative-weights']),
  }),
  // runs of version 0.1 do not say
  evaluate: v.optional(
    v.looseObject({
      folds: v.number(),
      bootstrap: v.optional(v.number(), 0),
      calibration: v.optional(v.boolean(), false),
      baselines: v.optional(v.boolean(), false),
      heldOut: v.optional(v.number(), 0.2),
      attribute: v.optional(v.string()),
    }),
    { folds: 5 },
  ),
  compute: v.optional(v.looseObject({ device: v.string(), threads: v.number() }), {
    device: 'auto',
    threads: 0,
  }),
  seed: v.number(),
};

/** A complete experiment, as run.json keeps it. What people write is checked in experiment-check.ts. */
export const experimentShape: Shape<Experiment> = v.looseObject({
  name: v.string(),
  dataset: v.looseObject({ ...dataset, unranked }),
  policy,
  ...settled,
});

/** The same before its dataset was read, as a queue keeps it. */
export const requestShape: Shape<ExperimentRequest> = v.looseObject({
  name: v.string(),
  dataset: v.looseObject({ ...dataset, unranked: v.optional(unranked) }),
  policy: v.variant('kind', [...policy.options, v.looseObject({ kind: v.literal('auto') })]),
  ...settled,
});
