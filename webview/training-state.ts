import type { RunResult } from '../src/protocol/result';
import type { EmEvent, PretrainingEvent, RunEvent } from '../src/protocol/event';
import type { TrainingEvent } from './loss-curves';
import { addToPace, type Pace } from './pace';

/** One start of one fit, as its iterations came in. */
export interface StartSeries {
  readonly types: number;
  readonly start: number;
  readonly points: EmEvent[];
}

/** What the events of a run add up to. Memory stays bounded over any number of events. */
export interface TrainingState {
  readonly series: Map<string, StartSeries>;
  phase?: string;
  progress?: { readonly done: number; readonly total: number; readonly secondsLeft?: number };
  device?: { readonly device: string; readonly threads: number };
  started?: string;
  ended?: RunEvent;
  /** Of the present phase; absent before its second event. */
  pace?: Pace;
  latest?: EmEvent;
  /** Of language models: losses and E-steps, in order. */
  readonly language: (TrainingEvent & { readonly time: string })[];
  /** Of the `scratch` model, by pass. */
  readonly pretraining: PretrainingEvent[];
  /** A resumed run repeats what came after its last checkpoint: its first loss says from where. */
  repeats?: boolean;
  /** Events a person reads, newest last; the first are forgotten beyond `LOG_LENGTH`. */
  readonly log: RunEvent[];
}

export const LOG_LENGTH = 200;
/** Of one start; reached within minutes, so that memory stays as it is from then on. */
const POINTS = 400;
const LANGUAGE_EVENTS = 8000;

export function emptyTraining(): TrainingState {
  return { series: new Map(), language: [], pretraining: [], log: [] };
}

/** Adds one event. Adding an event twice, as a snapshot and a notice may, changes nothing. */
export function addEvent(state: TrainingState, event: RunEvent): void {
  switch (event.type) {
    case 'em':
      state.pace = addToPace(state.pace, event);
      addPoint(state, event);
      return;
    case 'progress':
      state.progress = event;
      return;
    case 'loss':
      state.pace = addToPace(state.pace, event);
      addTraining(state, event);
      return;
    case 'heldOut':
      addTraining(state, event);
      return;
    case 'pretraining':
      // a resumed run goes back to its last checkpoint
      dropFrom(state.pretraining, event.pass);
      state.pretraining.push(event);
      return;
    case 'phase':
      state.phase = event.title;
      state.pace = undefined;
      state.progress = undefined;
      break;
    case 'device':
      state.device = event;
      break;
    case 'started':
      if (event.time === state.started) return;
      state.started = event.time;
      state.ended = undefined; // a resumed run goes on after its end
      state.repeats = event.resumed;
      break;
    case 'checkpoint':
      return;
    case 'warning':
      break;
    case 'finished':
    case 'failed':
    case 'cancelled':
      state.ended = event;
      state.progress = undefined;
      break;
  }
  const known = state.log.some((e) => e.time === event.time && JSON.stringify(e) === JSON.stringify(event));
  if (known) return;
  state.log.push(event);
  if (state.log.length > LOG_LENGTH) state.log.shift();
}

function dropFrom(passes: PretrainingEvent[], pass: number): void {
  const at = passes.findIndex((known) => known.pass >= pass);
  if (at >= 0) passes.splice(at);
}

function addTraining(state: TrainingState, event: TrainingEvent & { readonly time: string }): void {
  const { language } = state;
  const newest = language.at(-1)?.time ?? '';
  if (event.time < newest) return; // the snapshot holds it, or left it out
  if (event.time === newest && language.some((known) => sameValues(known, event))) return;
  if (state.repeats === true) {
    language.splice(repeatedFrom(language, event));
    state.repeats = false;
  }
  language.push(event);
  if (language.length > LANGUAGE_EVENTS) {
    const kept = language.filter(
      (each, i) => each.type === 'heldOut' || each.step === 1 || each.step === each.steps || i % 2 === 0,
    );
    language.splice(0, language.length, ...kept.slice(-LANGUAGE_EVENTS));
  }
}

/** Index of the first event that a resumed run, which goes on with `event`, does again. */
function repeatedFrom(language: readonly TrainingEvent[], event: TrainingEvent): number {
  const sameTraining = (known: TrainingEvent) =>
    known.type === 'loss' &&
    event.type === 'loss' &&
    known.policy === event.policy &&
    known.round === event.round &&
    known.steps === event.steps;
  // a training that starts anew repeats its first loss to the last digit
  const exactly = language.findLastIndex((known) => sameValues(known, event));
  if (exactly >= 0) return exactly;
  if (event.type === 'heldOut' || event.step === 1) return language.length;
  const last = language.findLastIndex(sameTraining);
  let first = last;
  while (first >= 0) {
    const known = language[first];
    if (!sameTraining(known) || known.type !== 'loss' || known.step < event.step) break;
    first--;
  }
  return last < 0 ? language.length : first + 1;
}

function sameValues(a: TrainingEvent, b: TrainingEvent): boolean {
  if (a.type === 'heldOut')
    return b.type === 'heldOut' && a.round === b.round && a.logLikelihood === b.logLikelihood;
  return (
    b.type === 'loss' &&
    a.policy === b.policy &&
    a.round === b.round &&
    a.step === b.step &&
    a.loss === b.loss
  );
}

function addPoint(state: TrainingState, event: EmEvent): void {
  state.latest = event;
  const key = `${event.types}/${event.start}`;
  let series = state.series.get(key);
  if (!series) {
    series = { types: event.types, start: event.start, points: [] };
    state.series.set(key, series);
  }
  const { points } = series;
  let at = points.length;
  while (at > 0 && points[at - 1].iteration >= event.iteration) at--;
  if (at < points.length && points[at].iteration === event.iteration) points[at] = event;
  else points.splice(at, 0, event);
  // Every second iteration of a long history is enough for a curve; the ends stay.
  if (points.length > POINTS) {
    const thinned = points.filter((_, i) => i % 2 === 0 || i === points.length - 1);
    points.splice(0, points.length, ...thinned);
  }
}

/** The numbers of types that were fitted, in order. */
export function fittedTypes(state: TrainingState): number[] {
  return [...new Set([...state.series.values()].map((s) => s.types))].sort((a, b) => a - b);
}

export function seriesOf(state: TrainingState, types: number): StartSeries[] {
  return [...state.series.values()].filter((s) => s.types === types).sort((a, b) => a.start - b.start);
}

/** The start whose last objective is highest. */
export function bestStart(series: readonly StartSeries[]): StartSeries | undefined {
  const last = (s: StartSeries) => s.points[s.points.length - 1].objective;
  return series.reduce<StartSeries | undefined>(
    (best, s) => (!best || last(s) > last(best) ? s : best),
    undefined,
  );
}

/**
 * Types are named by size, largest first, but training lists them in an order of its own.
 *
 * @param points iterations of one start
 * @returns by type as training counts them: its place by share, in the iteration that the result was made from
 */
export function rankByShare(
  points: readonly { readonly shares: readonly number[] }[],
  result?: Pick<RunResult, 'types'>,
): number[] {
  const sizes = result?.types.map((type) => type.share) ?? [];
  const decided = points.findLast(({ shares }) => {
    const sorted = [...shares].sort((a, b) => b - a);
    return sorted.length === sizes.length && sorted.every((share, k) => Math.abs(share - sizes[k]) < 1e-9);
  });
  const { shares } = decided ?? points.at(-1) ?? { shares: [] };
  const bySize = shares.map((_, k) => k).sort((a, b) => shares[b] - shares[a]);
  return shares.map((_, k) => bySize.indexOf(k));
}

/** `rankByShare` for the types of language models. */
export function typeOrder({ language }: TrainingState, result?: RunResult): number[] {
  return rankByShare(
    language.filter((event) => event.type === 'heldOut'),
    result,
  );
}
