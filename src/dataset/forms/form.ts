import type { FindingLog } from '../finding-log';
import type { Sample } from '../sample';
import type { Source } from '../source';
import type { TableBuilder } from '../table-builder';

/** Role → column, as the person named them. */
export type ColumnNames = Readonly<Partial<Record<string, string>>>;

/** What a form reads from and reads into. */
export interface FormInput {
  readonly source: Source;
  readonly columns: ColumnNames;
  readonly table: TableBuilder;
  readonly log: FindingLog;
  readonly signal?: AbortSignal;
}

/** One way in which rankings are written down. A new form is one file and its line in `index.ts`. */
export interface Form {
  readonly name: string;
  /** What a person calls it, for lists of forms. */
  readonly title: string;
  /** Usual endings of file names, lower case, with the dot: a hint only. */
  readonly endings: readonly string[];
  /** Roles that can be named in `columns`. */
  readonly roles: readonly string[];
  /** How well the beginning of a file fits, 0 … 1. */
  fits(sample: Sample, columns: ColumnNames): number;
  /**
   * Which column plays which role, as `read` would find them; undefined where none does. Only of forms whose columns a
   * person may say.
   */
  found?(columns: readonly string[], named: ColumnNames): Readonly<Record<string, string | undefined>>;
  /** Reads every record; what is broken is reported in the log, never thrown. */
  read(input: FormInput): Promise<void>;
}
