import type { DatasetPreview, PreviewRequest } from '../../dataset/preview';
import type { AnnotatorRecords } from '../../protocol/annotator';
import type { ValidationReport } from '../../protocol/validation';
import type { RecordDescription } from '../language/describe-line';
import type { TypeFreeCopy } from '../language/copy-without-types';

/** One state of an open document. */
export interface DocumentState {
  readonly uri: string;
  readonly version: number;
}

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
  /** The open document that the text is of: its records can be asked about until it is forgotten. */
  readonly document?: DocumentState;
  /** Plan what to collect so that every share is known to ± this. */
  readonly advise?: number;
}

/** Writes a copy of a file of JSON lines without the known types of annotators. */
export interface CopyRequest {
  readonly kind: 'copy';
  readonly id: number;
  readonly from: string;
  readonly to: string;
}

/** Reads the records of one annotator of a run; the worker keeps the dataset of the last run that was asked about. */
export interface AnnotatorRequest {
  readonly kind: 'annotator';
  readonly id: number;
  readonly directory: string;
  readonly annotator: string;
}

/** Reads the beginning of a dataset, under a form and columns that may be said. */
export interface LookRequest extends PreviewRequest {
  readonly kind: 'preview';
  readonly id: number;
}

/** Asks about the record of a line (1-based) of an open document, as it was validated last. */
export interface DescribeRequest {
  readonly kind: 'describe';
  readonly id: number;
  readonly document: DocumentState;
  readonly line: number;
}

export interface ForgetRequest {
  readonly kind: 'forget';
  readonly uri: string;
}

export interface CancelRequest {
  readonly kind: 'cancel';
  readonly id: number;
}

/** What takes a while: one at a time, each answered by a `reply`. */
export type Work = ValidationRequest | CopyRequest | AnnotatorRequest | LookRequest;

export type ToWorker = Work | DescribeRequest | ForgetRequest | CancelRequest;

/** What work comes to, each kind to its own. */
export type WorkResult = ValidationOutcome | TypeFreeCopy | AnnotatorRecords | DatasetPreview;

export type ValidationOutcome =
  { readonly recognised: true; readonly report: ValidationReport } | { readonly recognised: false };

/** What the worker knows of a line; `unknown`: it holds no table of this document, `stale`: only an older one. */
export type LineAnswer = RecordDescription | 'no record' | 'unknown' | 'stale';

/** Every request is answered once; a handler that throws answers with `err`. */
export type FromWorker =
  | { readonly kind: 'reply'; readonly id: number; readonly ok: WorkResult }
  | { readonly kind: 'reply'; readonly id: number; readonly err: string }
  | { readonly kind: 'description'; readonly id: number; readonly found: LineAnswer }
  | {
      readonly kind: 'progress';
      readonly id: number;
      readonly phase: WorkPhase;
      readonly done: number;
      readonly total: number;
    };

/** A file is read, in bytes, before its records are judged. */
export type WorkPhase = 'reading' | 'validating';

export type WorkProgress = (done: number, total: number, phase: WorkPhase) => void;
