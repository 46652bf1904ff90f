import type { Finding } from '../protocol/finding';
import type { UnrankedTreatment } from '../protocol/experiment';
import type { RankingTable } from './table';

export interface ReadOptions {
  /** Name of a form (`forms/`); recognised from the content when absent. */
  readonly form?: string;
  /** Role → column, for forms that have columns. */
  readonly columns?: Readonly<Record<string, string>>;
  /** Overrides what the form says of options that were not ranked. */
  readonly unranked?: UnrankedTreatment;
  readonly signal?: AbortSignal;
  readonly onProgress?: (bytesRead: number, bytesTotal: number) => void;
}

export interface ReadResult {
  readonly table: RankingTable;
  /** `form/…` and `data/…` findings, in file order. */
  readonly findings: readonly Finding[];
}
