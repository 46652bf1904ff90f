import type { Experiment } from './experiment';
import type { DatasetSummary } from './validation';

/** `run.json`: everything needed to start the same run again. */
export interface RunManifest {
  readonly schema: 1;
  readonly name: string;
  readonly created: string;
  readonly experiment: Experiment;
  /** What was decided when the data was known, in sentences: the policy family where the experiment left it open. */
  readonly decisions?: readonly string[];
  readonly dataset: DatasetSummary & {
    readonly path: string;
    readonly sha256: string;
    readonly bytes: number;
  };
  readonly versions: { readonly emdpo: string; readonly node: string; readonly platform: string };
  readonly device: string;
  /** SHA-256 of each file of the base model, by name; absent where the model is `scratch` or there is none. */
  readonly modelFiles?: Readonly<Record<string, string>>;
  /** Name of the folder of the run that its experiment was made from. */
  readonly parent?: string;
}

/** `lock.json`: who is writing the run directory. */
export interface RunLock {
  readonly pid: number;
  /** Start time of that process as the system tells it, so that a reused pid is not mistaken for it. */
  readonly processStart: string;
  readonly host: string;
  /** The process that trains, where it is not that one. It ends by itself when that one is gone. */
  readonly worker?: { readonly pid: number; readonly processStart: string };
}

/** `created`: started but nothing written yet. `dead`: unfinished, and its process is gone. */
export type RunState = 'created' | 'running' | 'finished' | 'failed' | 'cancelled' | 'dead';
