import * as v from 'valibot';
import type { Stability } from '../protocol/stability';
import type { Shape } from './checked';

const interval = v.tuple([v.number(), v.number()]);
const intervals = v.array(interval);

const bootstrap = v.looseObject({
  replicates: v.number(),
  level: v.number(),
  matching: v.picklist(['optimal', 'nearest-first']),
  shares: intervals,
  coefficients: v.optional(v.array(v.array(v.looseObject({ name: v.string(), interval })))),
  regret: v.array(intervals),
  weights: intervals,
  value: interval,
  candidates: v.array(v.looseObject({ name: v.string(), worst: interval })),
  switching: v.looseObject({
    mean: v.number(),
    count: v.number(),
    often: v.number(),
    annotators: v.array(
      v.looseObject({ annotator: v.string(), type: v.number(), to: v.number(), share: v.number() }),
    ),
  }),
  lost: v.array(v.number()),
});

const calibration = v.looseObject({
  predictions: v.number(),
  annotators: v.number(),
  unsplit: v.number(),
  tied: v.number(),
  stated: v.number(),
  observed: v.number(),
  expectedError: v.number(),
  errorByChance: v.number(),
  bins: v.array(
    v.looseObject({
      from: v.number(),
      to: v.number(),
      predictions: v.number(),
      stated: v.number(),
      observed: v.number(),
    }),
  ),
});

/** The part of result.json that says how stable the rest is. */
export const stabilityShape: Shape<Stability> = v.looseObject({
  bootstrap: v.optional(bootstrap),
  calibration: v.optional(calibration),
});
