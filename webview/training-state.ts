import type { EmEvent, RunEvent } from '../src/protocol/event';

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
  latest?: EmEvent;
  /** Events a person reads, newest last; the first are forgotten beyond `LOG_LENGTH`. */
  readonly log: RunEvent[];
}

export const LOG_LENGTH = 200;
const POINTS = 1000;

export function emptyTraining(): TrainingState {
  return { series: new Map(), log: [] };
}

/** Adds one event. Adding an event twice, as a snapshot and a notice may, changes nothing. */
export function addEvent(state: TrainingState, event: RunEvent): void {
  switch (event.type) {
    case 'em':
      addPoint(state, event);
      return;
    case 'progress':
      state.progress = event;
      return;
    case 'phase':
      state.phase = event.title;
      state.progress = undefined;
      break;
    case 'device':
      state.device = event;
      break;
    case 'started':
      state.started = event.time;
      state.ended = undefined; // a resumed run goes on after its end
      break;
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
