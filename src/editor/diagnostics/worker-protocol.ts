import type { ValidationReport } from '../../protocol/validation';

/** What the extension asks of the validation worker. */
export interface ValidationRequest {
  readonly kind: 'validate';
  readonly id: number;
  readonly path: string;
  /** The text as the editor holds it; the file is read from disk when absent. */
  readonly text?: string;
  /** The number of types that findings speak about. */
  readonly types: number;
  /** Compute the Fisher information of the design as well: seconds, where the rest takes less. */
  readonly information: boolean;
  /** Answer `recognised: false` instead of findings when the content is not ranking data. */
  readonly onlyIfRecognised: boolean;
}

export interface CancelRequest {
  readonly kind: 'cancel';
  readonly id: number;
}

export type ToWorker = ValidationRequest | CancelRequest;

export type ValidationOutcome =
  { readonly recognised: true; readonly report: ValidationReport } | { readonly recognised: false };

/** Every request is answered once; a handler that throws answers with `err`. */
export type FromWorker =
  | { readonly kind: 'reply'; readonly id: number; readonly ok: ValidationOutcome }
  | { readonly kind: 'reply'; readonly id: number; readonly err: string }
  | { readonly kind: 'progress'; readonly id: number; readonly read: number; readonly total: number };
