import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import type { RankingTable } from '../dataset/table';
import type { AttributeAgreement } from '../protocol/result';
import { adjustedRand } from '../training/labels';
import { RunError, systemReason } from './run-error';

/** Something known of annotators, such as a country: for comparing with the types found, never for training. */
export interface Attribute {
  readonly name: string;
  readonly values: readonly string[];
  /** Value of each of the table's annotators, −1 where the file does not tell. */
  readonly valueOf: Int32Array;
}

/**
 * Reads a CSV file with a header and two columns: the annotator, as the dataset names it, and the attribute.
 *
 * @throws RunError naming the file and line
 */
export async function readAttribute(file: string, table: RankingTable): Promise<Attribute> {
  const rows = await readRows(file);
  const header = rows.at(0) ?? [];
  if (header.length < 2) {
    throw new RunError(
      `${file}:1: an attribute file needs a header of two columns: annotator, and the name of the attribute.`,
    );
  }
  const values = new Map<string, number>();
  const valueOf = new Map<string, number>();
  rows.slice(1).forEach((row, i) => {
    const annotator = row[0];
    const value = row.at(1) ?? '';
    if (value === '') return;
    if (!values.has(value)) values.set(value, values.size);
    const id = values.get(value)!;
    if ((valueOf.get(annotator) ?? id) !== id) {
      throw new RunError(
        `${file}: row ${i + 2} gives annotator ${annotator} another ${header[1]} than an earlier row. Keep one of them.`,
      );
    }
    valueOf.set(annotator, id);
  });
  const attribute: Attribute = {
    name: header[1],
    values: [...values.keys()],
    valueOf: Int32Array.from(
      { length: table.annotators.size },
      (_, h) => valueOf.get(table.annotators.text(h)) ?? -1,
    ),
  };
  if (attribute.valueOf.every((value) => value < 0)) {
    throw new RunError(
      `${file} names no annotator of the dataset. Its first column must hold the annotators as the dataset writes them.`,
    );
  }
  return attribute;
}

/**
 * @param tableAnnotator annotator of the table behind each label, −1 for none
 * @param labels most probable type
 */
export function attributeAgreement(
  { name, values, valueOf }: Attribute,
  tableAnnotator: Int32Array,
  labels: Int32Array,
  types: number,
): AttributeAgreement {
  const value = tableAnnotator.map((h) => (h < 0 ? -1 : valueOf[h]));
  const told = [...value.keys()].filter((row) => value[row] >= 0);
  const confusion = values.map(() => new Array<number>(types).fill(0));
  for (const row of told) confusion[value[row]][labels[row]]++;
  return {
    name,
    values,
    adjustedRand: adjustedRand(
      told.map((row) => value[row]),
      told.map((row) => labels[row]),
    ),
    confusion,
    untold: value.length - told.length,
  };
}

async function readRows(file: string): Promise<string[][]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new RunError(`${file} cannot be read because ${systemReason(error)}.`);
  }
  try {
    return parse(text, { bom: true, skip_empty_lines: true, relax_column_count: true, trim: true });
  } catch (error) {
    throw new RunError(`${file} is not CSV: ${error instanceof Error ? error.message : String(error)}`);
  }
}
