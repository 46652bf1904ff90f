import * as v from 'valibot';
import type { Experiment } from '../protocol/experiment';
import type { Shape } from './checked';

const policy = v.variant('kind', [
  v.looseObject({ kind: v.literal('tabular'), over: v.picklist(['auto', 'items', 'responses']) }),
  v.looseObject({
    kind: v.literal('loglinear'),
    features: v.picklist(['auto', 'given', 'ngrams']),
    dimensions: v.number(),
  }),
]);

/** A complete experiment, as run.json keeps it. What people write is checked in experiment-check.ts. */
export const experimentShape: Shape<Experiment> = v.looseObject({
  name: v.string(),
  dataset: v.looseObject({
    path: v.string(),
    form: v.optional(v.string()),
    columns: v.optional(v.record(v.string(), v.string())),
    unranked: v.picklist(['offered', 'absent']),
    ties: v.picklist(['average', 'drop']),
  }),
  policy,
  types: v.number(),
  beta: v.number(),
  em: v.looseObject({
    starts: v.number(),
    tolerance: v.number(),
    iterations: v.number(),
    prior: v.number(),
  }),
  aggregate: v.looseObject({
    protection: v.array(v.number()),
    single: v.picklist(['mixture', 'loglinear']),
    solver: v.picklist(['exact', 'multiplicative-weights']),
  }),
  seed: v.number(),
});
