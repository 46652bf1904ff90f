import type { AnnotatorRecords } from './annotator';
import type { RunChoices, RunComparison } from './comparison';
import type { RunEvent } from './event';
import type { IterationHistory } from './history';
import type { RunResult } from './result';
import type { RunManifest, RunState } from './run';
import type { ValidationReport } from './validation';

/** γ by annotator, as posterior.csv holds it; the first `annotators.length` of `total`. */
export interface PosteriorTable {
  readonly annotators: readonly string[];
  /** Row-major annotators × types. */
  readonly gamma: readonly number[];
  readonly entropy: readonly number[];
  readonly types: number;
  readonly total: number;
}

/** Everything the panel shows of one run, read from its directory. */
export interface PanelSnapshot {
  readonly directory: string;
  readonly state: RunState;
  /** What people call the run, where that is not the name it was started with. */
  readonly name?: string;
  readonly manifest: RunManifest;
  readonly events: readonly RunEvent[];
  readonly validation?: ValidationReport;
  /** Its types called as a person has named them. */
  readonly result?: RunResult;
  /** What a person calls the types; null where one keeps its number. Absent where none is named. */
  readonly typeNames?: readonly (string | null)[];
  readonly posterior?: PosteriorTable;
  /** Of the annotators of `posterior`. */
  readonly history?: IterationHistory;
  /** Parts of the directory that could not be read, in sentences. */
  readonly problems?: readonly string[];
  /** With other runs, where a report was made with it. */
  readonly comparison?: RunComparison;
  /** What the panel was opened for: these runs (directories) beside its own. Told once. */
  readonly compareWith?: readonly string[];
}

/** A prompt for some policies of a run. */
export interface PromptQuestion {
  /** Given back with every notice about it. */
  readonly question: number;
  readonly prompt: string;
  /** As `emdpo generate --policies` names them. */
  readonly policies: readonly string[];
  readonly seed: number;
  /** As in the run when absent. */
  readonly temperature?: number;
  /** Answers of each policy. */
  readonly answers: number;
}

/** A line of `emdpo generate --json-lines`. */
export type AnswerLine =
  /** The models are loaded. */
  | { readonly type: 'ready'; readonly policies: readonly string[] }
  /** What was written since the last such line of this answer. `number` is 0-based. */
  | { readonly type: 'text'; readonly policy: string; readonly number: number; readonly text: string }
  | AnswerEnd;

/** A whole answer, and what each type thinks of it. */
export interface AnswerEnd {
  readonly type: 'answer';
  readonly policy: string;
  readonly number: number;
  readonly text: string;
  readonly tokens: number;
  /** log π(y | x) under the policy that wrote it, in nats. */
  readonly logProbability: number;
  /** `length`: cut off at the longest length. */
  readonly ended: string;
  /** β (log π_k − log π_ref) by type. */
  readonly rewards: readonly number[];
}

/** What the panel may ask its host for. Each method answers once. */
export interface PanelMethods {
  snapshot: { params: Record<string, never>; result: PanelSnapshot };
  /** Open the dataset at a place. Not available in a report. */
  openDataset: { params: { line: number; column: number }; result: null };
  /** The records of one annotator, read from the dataset. Not available in a report. */
  annotator: { params: { annotator: string }; result: AnnotatorRecords };
  /** Name the types, one name each; null takes a name away. The panel is told to ask again. Not available in a report. */
  nameTypes: { params: { names: readonly (string | null)[] }; result: null };
  openReport: { params: Record<string, never>; result: null };
  /** Open `docs/PAGE.md` of the extension. Not available in a report. */
  openPage: { params: { page: string }; result: null };
  stop: { params: Record<string, never>; result: null };
  /** Go on with a run that was stopped, failed or died. Not available where the workspace is not trusted. */
  resume: { params: Record<string, never>; result: null };
  /**
   * Have language models of the run answer a prompt; what they write comes as notices of kind `answers`. Answered when
   * all is written or it was stopped. A new question stops the one before. Not available in a report, nor where the
   * workspace is not trusted.
   */
  ask: { params: PromptQuestion; result: { stopped: boolean } };
  stopAsking: { params: Record<string, never>; result: null };
  /** The other runs of the workspace. Not available in a report. */
  runs: { params: Record<string, never>; result: RunChoices };
  /** Put runs beside this one; `baseline` is one of them or this run. Not available in a report. */
  compare: { params: { with: readonly string[]; baseline: string }; result: RunComparison };
  /** Make a run the baseline of its project, or no longer. Not available in a report. */
  pin: { params: { run: string; pinned: boolean }; result: null };
  /** Write an experiment file of this run's settings and open it. Not available in a report. */
  duplicate: { params: Record<string, never>; result: null };
  /** Show another run. Not available in a report. */
  openRun: { params: { run: string }; result: null };
  /** Save text or a picture the panel made. `encoding` says how `content` is to be read. */
  save: {
    params: { name: string; content: string; encoding: 'utf8' | 'base64' };
    result: { saved: boolean };
  };
}

export type PanelMethod = keyof PanelMethods;

export interface PanelRequest<M extends PanelMethod = PanelMethod> {
  readonly kind: 'request';
  readonly id: number;
  readonly method: M;
  readonly params: PanelMethods[M]['params'];
}

/** A handler that throws answers with `err`: a request is never left without an answer. */
export type PanelReply =
  | { readonly kind: 'reply'; readonly id: number; readonly ok: unknown }
  | { readonly kind: 'reply'; readonly id: number; readonly err: string };

/** Pushed while a run is going, language models are answering, or the person asks for something in the editor. */
export type PanelNotice =
  | { readonly kind: 'events'; readonly events: readonly RunEvent[] }
  | { readonly kind: 'changed' }
  /** Show this annotator. */
  | { readonly kind: 'annotator'; readonly annotator: string }
  | { readonly kind: 'answers'; readonly question: number; readonly lines: readonly AnswerLine[] };

export type ToPanel = PanelReply | PanelNotice;
export type FromPanel = PanelRequest;
