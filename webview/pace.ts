import type { EmEvent, LossEvent } from '../src/protocol/event';
import { fixed, integer } from './format';

/** How fast a training goes, by what its events count. */
export interface Pace {
  readonly unit: 'iteration' | 'step';
  /** What was counted last, such as one start of one fit, and how far it was. */
  readonly of: string;
  readonly reached: number;
  /** All that was done by then, oldest first: milliseconds, and how many. */
  readonly marks: readonly { readonly at: number; readonly done: number }[];
}

/** Older than this the past says little of the present. */
const WINDOW_MS = 30_000;
const MOST_MARKS = 128;
/** Less time than this tells no speed. */
const LEAST_MS = 500;

/**
 * The pace with one event more. Language models tell their steps, and an iteration of EM only when many are done: where
 * steps are told, they are what is counted. An event that was added before changes nothing.
 */
export function addToPace(
  pace: Pace | undefined,
  event: (EmEvent | LossEvent) & { readonly time: string },
): Pace | undefined {
  const unit = event.type === 'em' ? 'iteration' : 'step';
  const [of, reached] =
    event.type === 'em'
      ? [`${event.types}/${event.start}`, event.iteration]
      : [`${event.policy}/${event.round}`, event.step];
  const at = Date.parse(event.time);
  const mark = pace?.marks.at(-1);
  if (pace && mark) {
    if (pace.unit === 'step' && unit === 'iteration') return pace;
    if (at < mark.at || (of === pace.of && reached <= pace.reached)) return pace;
  }
  if (!pace || !mark || pace.unit !== unit) return { unit, of, reached, marks: [{ at, done: 0 }] };
  const done = mark.done + reached - (of === pace.of ? pace.reached : 0);
  const recent = pace.marks.filter((each) => at - each.at <= WINDOW_MS);
  const marks = recent.length < MOST_MARKS ? recent : recent.filter((_, i) => i % 2 === 0);
  return { unit, of, reached, marks: [...(marks.length > 0 ? marks : [mark]), { at, done }] };
}

/** Undefined while there is too little to tell from. */
export function perSecond({ marks }: Pace): number | undefined {
  const [first, last] = [marks.at(0), marks.at(-1)];
  if (!first || !last || last.at - first.at < LEAST_MS) return undefined;
  return ((last.done - first.done) / (last.at - first.at)) * 1000;
}

/** “8.3 iterations a second”; where one takes longer, “4.2 seconds a step”. Nothing while it is not known. */
export function paceInWords(pace: Pace): string {
  const speed = perSecond(pace);
  if (speed === undefined || speed <= 0) return '';
  if (speed < 1) return `${fixed(1 / speed, 1)} seconds ${pace.unit === 'step' ? 'a step' : 'an iteration'}`;
  return `${speed < 100 ? fixed(speed, 1) : integer(speed)} ${pace.unit}s a second`;
}
