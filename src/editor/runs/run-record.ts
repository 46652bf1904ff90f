import type { RunEvent } from '../../protocol/event';
import type { RunState } from '../../protocol/run';

/** How far a run that is going has come. */
export interface RunProgress {
  /** What it is doing, in the run's own words. */
  readonly title: string;
  /** In [0, 1], of the phase. */
  readonly fraction?: number;
  readonly secondsLeft?: number;
}

/** One run as lists show it; read from its directory, and read again whenever that changes. */
export interface RunRecord {
  /** Absolute path: the run's identity. */
  readonly directory: string;
  readonly state: RunState;
  /** What people call it. */
  readonly name: string;
  /** Other runs of the project are compared with it. */
  readonly pinned?: boolean;
  readonly started: Date;
  readonly types?: number;
  readonly logLikelihood?: number;
  /** Why it failed. */
  readonly message?: string;
  /** Process that writes it, while it is going and of this machine. */
  readonly pid?: number;
  /** Path of the dataset. */
  readonly dataset?: string;
  readonly progress?: RunProgress;
  /** It was told to stop from this window. */
  readonly stopping?: boolean;
  /** Byte offset after the last event that went into this record. */
  readonly next: number;
}

/** Whether a process is at work. */
export function isGoing(run: RunRecord): boolean {
  return run.state === 'running' || run.state === 'created';
}

/** Whether it ended without a result, late enough to go on from where it was. */
export function canResume(run: RunRecord): boolean {
  return !isGoing(run) && run.state !== 'finished' && run.dataset !== undefined;
}

/** The record after more events. What became of the run as a whole is read from its directory, not from here. */
export function advance(run: RunRecord, events: readonly RunEvent[]): RunRecord {
  return events.reduce(step, run);
}

function step(run: RunRecord, event: RunEvent): RunRecord {
  switch (event.type) {
    case 'started':
      // a resumed run goes on: how it ended before no longer counts
      return { ...run, types: event.types, message: undefined, progress: undefined };
    case 'phase':
      return { ...run, progress: { title: event.title } };
    case 'progress':
      return {
        ...run,
        progress: {
          title: run.progress?.title ?? event.phase,
          fraction: event.total > 0 ? Math.min(1, event.done / event.total) : undefined,
          secondsLeft: event.secondsLeft,
        },
      };
    case 'em':
      return event.types === run.types || run.types === undefined
        ? { ...run, logLikelihood: event.logLikelihood }
        : run;
    case 'finished':
      return { ...run, logLikelihood: event.logLikelihood, progress: undefined };
    case 'failed':
      return { ...run, message: event.message, progress: undefined };
    case 'cancelled':
      return { ...run, progress: undefined };
    default:
      return run;
  }
}
