import { rm } from 'node:fs/promises';
import { renameOver, temporaryName, writeWhole } from '../../disk';
import type { RankingTable } from '../table';
import { writeCanonical } from '../write-canonical';
import { treatmentNote } from './losses';
import { writeParquet } from './parquet';
import { preflibFile } from './preflib';
import { trlFile } from './trl';

export const TARGETS = ['canonical', 'trl', 'preflib', 'parquet'] as const;
export type Target = (typeof TARGETS)[number];

/** What was written. */
export interface Converted {
  readonly target: Target;
  /** Records of the new file: pairs for TRL. */
  readonly records: number;
  /** What the new form cannot hold, counted, in sentences. */
  readonly lost: readonly string[];
}

/**
 * Writes a table in another form; the file is there as a whole or not at all. Canonical and Parquet files hold all of a
 * table: read back they give the same one.
 *
 * @throws NotPreflib when PrefLib cannot hold the table; the system's error when it cannot be written
 */
export async function convertTable(table: RankingTable, file: string, target: Target): Promise<Converted> {
  if (target === 'parquet') {
    const part = temporaryName(file);
    try {
      writeParquet(table, part);
      await renameOver(part, file);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
    return { target, records: table.records, lost: canonicalNotes(table) };
  }
  if (target === 'canonical') {
    await writeWhole(file, writeCanonical(table));
    return { target, records: table.records, lost: canonicalNotes(table) };
  }
  const { lines, records, lost } = target === 'trl' ? trlFile(table) : preflibFile(table);
  await writeWhole(file, lines);
  return { target, records, lost };
}

function canonicalNotes(table: RankingTable): string[] {
  if (table.position) return treatmentNote(table);
  const order =
    'In what order responses were shown is not known; read back, the order in which the file lists them counts as that.';
  return [order, ...treatmentNote(table)];
}

const ENDINGS: Readonly<Record<string, Target>> = {
  jsonl: 'canonical', ndjson: 'canonical', parquet: 'parquet', soc: 'preflib', soi: 'preflib', toc: 'preflib', toi: 'preflib',
}; // prettier-ignore

/** The form that the ending of a file name asks for; undefined where it asks for none. */
export function targetOf(file: string): Target | undefined {
  const ending = /\.([a-z]+)$/i.exec(file)?.[1].toLowerCase() ?? '';
  return Object.hasOwn(ENDINGS, ending) ? ENDINGS[ending] : undefined;
}
