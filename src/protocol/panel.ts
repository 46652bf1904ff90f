import type { RunEvent } from './event';
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
  readonly manifest: RunManifest;
  readonly events: readonly RunEvent[];
  readonly validation?: ValidationReport;
  readonly result?: RunResult;
  readonly posterior?: PosteriorTable;
  /** Parts of the directory that could not be read, in sentences. */
  readonly problems?: readonly string[];
}

/** What the panel may ask its host for. Each method answers once. */
export interface PanelMethods {
  snapshot: { params: Record<string, never>; result: PanelSnapshot };
  /** Open the dataset at a place. Not available in a report. */
  openDataset: { params: { line: number; column: number }; result: null };
  openReport: { params: Record<string, never>; result: null };
  stop: { params: Record<string, never>; result: null };
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

/** Pushed while a run is going. */
export type PanelNotice =
  { readonly kind: 'events'; readonly events: readonly RunEvent[] } | { readonly kind: 'changed' };

export type ToPanel = PanelReply | PanelNotice;
export type FromPanel = PanelRequest;
