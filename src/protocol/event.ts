/** One line of a run's append-only `events.jsonl`. Times are ISO 8601 in UTC; seconds are wall-clock. */
export type RunEvent = { readonly time: string } & RunEventBody;

export type RunEventBody =
  /** `types` is absent where the run is to choose. `resumed`: the run had been started before and had not finished. */
  | { readonly type: 'started'; readonly pid: number; readonly types?: number; readonly resumed?: true }
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
  | LossEvent
  | HeldOutEvent
  | PretrainingEvent
  /** That file of the run directory is complete and on the disk: a run that ends here goes on from it. */
  | { readonly type: 'checkpoint'; readonly file: string }
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

/** Some steps of training one language model. Means over the rankings in them, weighted as they are in the loss. */
export interface LossEvent {
  readonly type: 'loss';
  /** `type 1`, `plain` … : what is trained. */
  readonly policy: string;
  /** Round of EM, 1-based; 0 outside of it. */
  readonly round: number;
  /** 1-based, of this training. */
  readonly step: number;
  readonly steps: number;
  /** Negative log-likelihood of a ranking, in nats. */
  readonly loss: number;
  /** Reward of the better response minus the worse one's. */
  readonly margin: number;
  /** Share of pairs in which the better response has the larger reward. */
  readonly accuracy: number;
  /** log π − log π_ref of a response, in nats. */
  readonly drift: number;
}

/** An E-step on language models, each record scored by policies trained on other records where `crossFitted` says so. */
export interface HeldOutEvent {
  readonly type: 'heldOut';
  readonly round: number;
  /** Marginal log-likelihood, in nats. */
  readonly logLikelihood: number;
  readonly crossFitted: boolean;
  readonly shares: readonly number[];
  readonly effectiveTypes: number;
  /** Mean over annotators of Σ_k |Δγ| / 2: how far assignments have moved since the last round. */
  readonly moved: number;
}

/** A pass of pretraining the `scratch` model. Nats per token. */
export interface PretrainingEvent {
  readonly type: 'pretraining';
  readonly pass: number;
  readonly passes: number;
  readonly loss: number;
  /** On responses kept out; absent where there are too few to keep any out. */
  readonly heldOut?: number;
}

export type Phase =
  'reading' | 'validating' | 'fitting' | 'selecting' | 'aggregating' | 'stability' | 'writing';

export const FINAL_EVENTS: readonly RunEventBody['type'][] = ['finished', 'failed', 'cancelled'];
