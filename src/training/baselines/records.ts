import type { RankingTable } from '../../dataset/table';
import { random } from '../../random';

/** A table split by record: what is learnt from, and what is predicted. */
export interface RecordSplit {
  readonly training: RankingTable;
  readonly heldOut: RankingTable;
}

const STREAM = 0x4e1d;

/**
 * Holds out a share of each annotator's records, drawn at random: at least one of two or more, and never all. A record
 * without an annotator, or the only one of an annotator, stays in training, as nothing else would say whose type it is.
 */
export function holdOutRecords(table: RankingTable, share: number, seed: number): RecordSplit {
  const byAnnotator = Array.from({ length: table.annotators.size }, (): number[] => []);
  for (let r = 0; r < table.records; r++) {
    if (table.annotator[r] >= 0) byAnnotator[table.annotator[r]].push(r);
  }
  const out = new Uint8Array(table.records);
  const source = random(seed, STREAM);
  for (const records of byAnnotator) {
    if (records.length < 2) continue;
    const count = Math.min(records.length - 1, Math.max(1, Math.round(share * records.length)));
    for (const r of source.shuffle(records).slice(0, count)) out[r] = 1;
  }
  const where = (side: number) => Int32Array.from(out.keys()).filter((r) => out[r] === side);
  return { training: selectRecords(table, where(0)), heldOut: selectRecords(table, where(1)) };
}

/** The same table with some of its records; prompts, responses and annotators keep their ids. */
export function selectRecords(table: RankingTable, records: Int32Array): RankingTable {
  const start = new Uint32Array(records.length + 1);
  records.forEach((r, i) => (start[i + 1] = start[i] + table.start[r + 1] - table.start[r]));
  const options = start[records.length];
  const from = new Uint32Array(options);
  records.forEach((r, i) => {
    for (let j = 0; j < start[i + 1] - start[i]; j++) from[start[i] + j] = table.start[r] + j;
  });
  return {
    ...table,
    summary: { ...table.summary, records: records.length },
    records: records.length,
    annotator: records.map((r) => table.annotator[r]),
    prompt: records.map((r) => table.prompt[r]),
    start,
    weight: Float64Array.from(records, (r) => table.weight[r]),
    line: Uint32Array.from(records, (r) => table.line[r]),
    offset: Float64Array.from(records, (r) => table.offset[r]),
    option: Int32Array.from(from, (i) => table.option[i]),
    level: Uint16Array.from(from, (i) => table.level[i]),
    ...(table.position && { position: Uint16Array.from(from, (i) => table.position![i]) }),
  };
}
