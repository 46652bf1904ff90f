import * as v from 'valibot';
import type { RunEvent } from '../protocol/event';
import type { Shape } from './checked';

const time = v.string();
const phase = v.picklist([
  'reading',
  'validating',
  'fitting',
  'selecting',
  'aggregating',
  'stability',
  'writing',
]);

/** One line of events.jsonl. */
export const eventShape: Shape<RunEvent> = v.variant('type', [
  v.looseObject({
    time,
    type: v.literal('started'),
    pid: v.number(),
    types: v.optional(v.number()),
    resumed: v.optional(v.literal(true)),
  }),
  v.looseObject({ time, type: v.literal('phase'), phase, title: v.string() }),
  v.looseObject({
    time,
    type: v.literal('progress'),
    phase,
    done: v.number(),
    total: v.number(),
    secondsLeft: v.optional(v.number()),
  }),
  v.looseObject({
    time,
    type: v.literal('em'),
    types: v.number(),
    start: v.number(),
    iteration: v.number(),
    logLikelihood: v.number(),
    objective: v.number(),
    shares: v.array(v.number()),
    effectiveTypes: v.number(),
  }),
  v.looseObject({
    time,
    type: v.literal('loss'),
    policy: v.string(),
    round: v.number(),
    step: v.number(),
    steps: v.number(),
    loss: v.number(),
    margin: v.number(),
    accuracy: v.number(),
    drift: v.number(),
  }),
  v.looseObject({
    time,
    type: v.literal('heldOut'),
    round: v.number(),
    logLikelihood: v.number(),
    crossFitted: v.boolean(),
    shares: v.array(v.number()),
    effectiveTypes: v.number(),
    moved: v.number(),
  }),
  v.looseObject({
    time,
    type: v.literal('pretraining'),
    pass: v.number(),
    passes: v.number(),
    loss: v.number(),
    heldOut: v.optional(v.number()),
  }),
  v.looseObject({ time, type: v.literal('checkpoint'), file: v.string() }),
  v.looseObject({ time, type: v.literal('device'), device: v.string(), threads: v.number() }),
  v.looseObject({ time, type: v.literal('warning'), code: v.string(), message: v.string() }),
  v.looseObject({ time, type: v.literal('finished'), seconds: v.number(), logLikelihood: v.number() }),
  v.looseObject({ time, type: v.literal('failed'), message: v.string() }),
  v.looseObject({ time, type: v.literal('cancelled') }),
]);
