import path from 'node:path';
import type { RunEvent } from '../../protocol/event';
import { readEvents } from '../events';
import { acquireLock, lockHolder } from '../lock';
import { RunError } from '../run-error';
import { readState } from '../state';
import { listsOf } from './change-queue';
import type { QueueEntry } from './fold';
import { appendChanges, makeQueueFolder, queueFolder } from './queue-log';
import type { QueueOutcome } from './queue-event';
import { discardEmpty, turnOf } from './turn';
import type { Turn } from './turn';
import { watchRun } from './watch-run';
import type { Launched } from './watch-run';

export interface WorkOptions {
  /** Ends the work. The run that is going is left alone. */
  readonly signal: AbortSignal;
  /** Starts a process for an experiment in its run directory, or one that goes on with the run there. */
  readonly launch: (entry: QueueEntry, directory: string, resume: boolean) => Launched;
  readonly onStart?: (entry: QueueEntry, directory: string, how: Turn['kind']) => void;
  readonly onEvents?: (events: readonly RunEvent[]) => void;
  readonly onEnd?: (ended: EndedExperiment) => void;
}

export interface EndedExperiment {
  readonly entry: QueueEntry;
  readonly state: QueueOutcome;
  readonly message?: string;
  /** Absent where nothing was written. */
  readonly directory?: string;
}

/** Somebody works through the queue already. */
export class QueueBusyError extends RunError {
  constructor(
    readonly pid: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Runs what waits in a queue, one after another, until nothing does. How one ends does not keep the next from its
 * turn. What another process that died has left comes first.
 *
 * @throws QueueBusyError where another process does so; RunError where the queue or a run directory cannot be
 * written: then those that wait keep waiting
 */
export async function workThrough(project: string, options: WorkOptions): Promise<EndedExperiment[]> {
  await makeQueueFolder(project);
  const done: EndedExperiment[] = [];
  for (let first = true; ; first = false) {
    const release = await holdQueue(project).catch((error: unknown) => {
      if (first || !(error instanceof QueueBusyError)) throw error;
      return undefined;
    });
    if (!release) return done;
    try {
      for (;;) {
        const { started, waiting } = await listsOf(project);
        const entry = started.at(0) ?? waiting.at(0);
        if (!entry || options.signal.aborted) break;
        const ended = await giveTurn(project, entry, options);
        if (ended) done.push(ended);
      }
    } finally {
      await release();
    }
    // whoever added one just now has seen that the queue was being worked through
    const { started, waiting } = await listsOf(project);
    if (options.signal.aborted || started.length + waiting.length === 0) return done;
  }
}

async function holdQueue(project: string): Promise<() => Promise<void>> {
  const folder = queueFolder(project);
  try {
    return await acquireLock(folder);
  } catch (error) {
    const holder = await lockHolder(folder);
    if (holder.kind !== 'alive') throw error;
    const { pid } = holder.lock;
    throw new QueueBusyError(
      pid,
      `Process ${pid} works through the queue of ${project} already. Nothing more was started.`,
    );
  }
}

/** @returns undefined where it was taken out of the queue meanwhile, or the work is to end */
async function giveTurn(
  project: string,
  entry: QueueEntry,
  options: WorkOptions,
): Promise<EndedExperiment | undefined> {
  const turn = await turnOf(project, entry, options.signal);
  if (!turn) return undefined;
  const { directory } = turn;
  if (turn.kind === 'over') return conclude(project, entry, await outcome(directory, true, ''), options);
  await appendChanges(project, [{ type: 'started', id: entry.id, run: path.basename(directory) }]);
  const { started } = await listsOf(project);
  if (!started.some(({ id }) => id === entry.id)) {
    if (turn.kind === 'start') await discardEmpty(directory);
    return undefined;
  }
  options.onStart?.(entry, directory, turn.kind);
  const { next } = await readEvents(directory);
  const from = turn.kind === 'watch' ? 0 : next;
  const launched =
    turn.kind === 'watch' ? undefined : options.launch(entry, directory, turn.kind === 'resume');
  const watched = await watchRun(directory, from, launched, options.signal, (events) => {
    options.onEvents?.(events);
  });
  if (!watched) return undefined;
  return conclude(project, entry, await outcome(directory, watched.heard, watched.said), options);
}

async function conclude(
  project: string,
  entry: QueueEntry,
  how: Omit<EndedExperiment, 'entry'>,
  { onEnd }: WorkOptions,
): Promise<EndedExperiment> {
  const { state, message, directory } = how;
  const unwritten = directory === undefined ? { unwritten: true as const } : {};
  await appendChanges(project, [{ type: 'ended', id: entry.id, state, message, ...unwritten }]);
  const ended = { entry, ...how };
  onEnd?.(ended);
  return ended;
}

/** @param heard whether the run has written anything: where not, what its process said is all there is */
async function outcome(
  directory: string,
  heard: boolean,
  said: string,
): Promise<Omit<EndedExperiment, 'entry'>> {
  const state = await readState(directory);
  if (state === 'created') {
    await discardEmpty(directory);
    return { state: 'failed', message: said || 'The run has written nothing.' };
  }
  if (!heard && state !== 'finished')
    return { state: 'failed', directory, message: said || 'The run could not go on.' };
  // somebody else has gone on with it just now
  if (state === 'running') return { state: 'dead', directory };
  if (state !== 'failed') return { state, directory };
  const { events } = await readEvents(directory);
  const last = events.findLast((event) => event.type === 'failed');
  return { state, directory, message: last?.message ?? said };
}
