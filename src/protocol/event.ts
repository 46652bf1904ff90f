/** One line of a run's append-only `events.jsonl`. Times are ISO 8601 in UTC; seconds are wall-clock. */
export type RunEvent = { readonly time: string } & RunEventBody;

export type RunEventBody =
  | { readonly type: 'started'; readonly pid: number; readonly types: number }
  | { readonly type: 'phase'; readonly phase: Phase; readonly title: string }
  | {
      readonly type: 'progress';
      readonly phase: Phase;
      readonly done: number;
      readonly total: number;
      /** Estimated; absent until there is something to estimate from. */
      readonly secondsLeft?: number;
    }
  | EmEvent
  | { readonly type: 'device'; readonly device: string; readonly threads: number }
  | { readonly type: 'warning'; readonly code: string; readonly message: string }
  | { readonly type: 'finished'; readonly seconds: number; readonly logLikelihood: number }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'cancelled' };

/** One EM iteration of one start. */
export interface EmEvent {
  readonly type: 'em';
  /** Number of types fitted: 1 for the plain-DPO baseline. */
  readonly types: number;
  /** 0-based start. */
  readonly start: number;
  readonly iteration: number;
  /** Marginal log-likelihood, without the prior. */
  readonly logLikelihood: number;
  /** With the prior: what EM climbs and what must never fall. */
  readonly objective: number;
  readonly shares: readonly number[];
  /** exp of the entropy of the shares. */
  readonly effectiveTypes: number;
}

export type Phase = 'reading' | 'validating' | 'fitting' | 'aggregating' | 'writing';

export const FINAL_EVENTS: readonly RunEventBody['type'][] = ['finished', 'failed', 'cancelled'];
