import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { RunEvent } from '../protocol/event';
import type { PanelSnapshot } from '../protocol/panel';
import { readEvents } from './events';
import { readHistory } from './history/history-file';
import { readLabel } from './label';
import { readManifest } from './manifest';
import { readPosterior } from './posterior';
import { withTypeNames } from './named-result';
import { readResult } from './result';
import { RunError } from './run-error';
import { readState } from './state';
import { readTypeNames } from './type-names';
import { readValidation } from './validation';

/** A panel draws no more annotators than this; the snapshot says how many there are. */
export const POSTERIOR_ROWS = 20_000;

/** Iterations of one start that a panel draws. */
const ITERATIONS = 200;

/** Losses of one policy that a panel draws, over all rounds. */
const LOSSES = 400;

/**
 * Everything the panel shows of a run. A part that is damaged is left out and named in `problems`.
 *
 * @throws RunError when there is no run, or it has not come as far as to have read its dataset
 */
export async function readSnapshot(directory: string): Promise<PanelSnapshot> {
  return (await readLiveSnapshot(directory)).snapshot;
}

/** A snapshot, and where in events.jsonl to go on reading so that no event is seen twice or missed. */
export interface LiveSnapshot {
  readonly snapshot: PanelSnapshot;
  /** Byte offset for `readEvents`. */
  readonly next: number;
}

/** As `readSnapshot`, for a run that may be going. */
export async function readLiveSnapshot(directory: string): Promise<LiveSnapshot> {
  const absolute = path.resolve(directory);
  if (!(await isDirectory(absolute)))
    throw new RunError(`${directory} is no run directory: there is no such folder.`);
  const { events, unreadable, cutShort, next } = await readEvents(absolute);
  const state = await readState(absolute, events);
  const manifest = await readManifest(absolute);
  if (manifest === undefined) throw new RunError(withoutManifest(directory, events));
  const problems: string[] = [];
  if (unreadable > 0) problems.push(`events.jsonl has ${unreadable} lines that this version cannot read.`);
  if (cutShort && state !== 'running') {
    problems.push('The last line of events.jsonl was cut short when the run died, and is left out.');
  }
  const result = await orProblem(readResult(absolute), problems);
  const typeNames = result && (await orProblem(readTypeNames(absolute, result.types.length), problems));
  const snapshot: PanelSnapshot = {
    directory: absolute,
    state,
    name: await orProblem(readLabel(absolute), problems),
    manifest,
    events: thinned(events),
    validation: await orProblem(readValidation(absolute), problems),
    result: result && withTypeNames(result, typeNames),
    ...(typeNames && { typeNames }),
    posterior: await orProblem(readPosterior(absolute, POSTERIOR_ROWS), problems),
    history: await orProblem(readHistory(absolute, POSTERIOR_ROWS), problems),
    problems,
  };
  return { snapshot, next };
}

function withoutManifest(directory: string, events: readonly RunEvent[]): string {
  const failed = events.find((event) => event.type === 'failed');
  if (failed !== undefined) return `This run failed before it had read its dataset. ${failed.message}`;
  if (events.length > 0) return `${directory} has no run.json: the run has not read its dataset yet.`;
  return `${directory} is no run directory: it has no run.json. Name a folder that emdpo train has made.`;
}

async function isDirectory(directory: string): Promise<boolean> {
  return stat(directory).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}

async function orProblem<T>(part: Promise<T>, problems: string[]): Promise<T | undefined> {
  try {
    return await part;
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    problems.push(error.message);
    return undefined;
  }
}

/** The curve that an event is a point of, and how many points of it a panel draws; undefined for all other events. */
function curveOf(event: RunEvent): { readonly key: string; readonly points: number } | undefined {
  switch (event.type) {
    case 'em':
      return { key: `em ${event.types} ${event.start}`, points: ITERATIONS };
    case 'loss':
      return { key: `loss ${event.policy}`, points: LOSSES };
    case 'pretraining':
      return { key: 'pretraining', points: ITERATIONS };
    case 'checkpoint':
      return { key: 'checkpoint', points: 0 };
    case 'progress':
      return { key: `progress ${event.phase}`, points: 0 };
    default:
      return undefined;
  }
}

/**
 * Of each start's iterations, each policy's losses and the passes of pretraining the first, the last and a bounded
 * number between; of the progress of each phase and of the checkpoints the last. A long run writes hundreds of thousands of events, and no
 * chart shows them.
 */
function thinned(events: readonly RunEvent[]): RunEvent[] {
  const last = new Map<string, number>();
  const counts = new Map<string, number>();
  events.forEach((event, i) => {
    const curve = curveOf(event);
    if (curve === undefined) return;
    last.set(curve.key, i);
    counts.set(curve.key, (counts.get(curve.key) ?? 0) + 1);
  });
  const seen = new Map<string, number>();
  return events.filter((event, i) => {
    const curve = curveOf(event);
    if (curve === undefined || last.get(curve.key) === i) return true;
    const index = seen.get(curve.key) ?? 0;
    seen.set(curve.key, index + 1);
    return index % Math.ceil((counts.get(curve.key) ?? 1) / curve.points) === 0 && curve.points > 0;
  });
}
