import { sequencePool } from '../../compute/sequences';
import { UNRANKED, type RankingTable } from '../../dataset/table';

/** A choice set and how many of its options were ranked: what the design of one record is. */
export interface RecordDesign {
  /** Distinct alternatives offered. */
  readonly offered: Int32Array;
  /** Places that were decided: 1 for best-of-m, m − 1 (or m) for a full ranking. */
  readonly depth: number;
}

/** Who was shown what, and how deep they ranked: annotators with the same design counted once. */
export interface DesignPatterns {
  /** Distinct record designs. */
  readonly records: readonly RecordDesign[];
  /** Record designs of pattern p: `record[start[p]] … record[start[p + 1] − 1]`. */
  readonly start: Uint32Array;
  readonly record: Int32Array;
  /** Annotators with each pattern. */
  readonly count: Float64Array;
  readonly annotators: number;
  /** Pattern of each annotator of the table who is named; −1 where all of their records decide nothing. */
  readonly patternOf: Int32Array;
}

/**
 * The dataset's own design. A tie decides no order: tied options count as the places they take. Records without an
 * annotator are annotators of their own.
 *
 * @param alternativeOf alternative of each response: itself, or its item
 */
export function designPatterns(table: RankingTable, alternativeOf: Int32Array): DesignPatterns {
  const recordPool = sequencePool();
  const designOf = new Int32Array(table.records).fill(-1);
  for (let r = 0; r < table.records; r++) {
    const from = table.start[r];
    let to = from;
    while (to < table.start[r + 1] && table.level[to] !== UNRANKED) to++;
    const depth = to - from;
    const end = table.unranked === 'absent' ? to : table.start[r + 1];
    if (end - from < 2 || depth === 0) continue;
    const offered = Int32Array.from(table.option.subarray(from, end), (y) => alternativeOf[y]).sort();
    const code = Int32Array.of(Math.min(depth, offered.length - 1), ...offered);
    designOf[r] = recordPool.id(code, 0, code.length);
  }
  const { start: codeStart, values } = recordPool.finish();
  const records = Array.from({ length: codeStart.length - 1 }, (_, d) => ({
    depth: values[codeStart[d]],
    offered: values.slice(codeStart[d] + 1, codeStart[d + 1]),
  }));
  return { records, ...patternsByAnnotator(table, designOf) };
}

function patternsByAnnotator(table: RankingTable, designOf: Int32Array): Omit<DesignPatterns, 'records'> {
  const pool = sequencePool();
  const count: number[] = [];
  let annotators = 0;
  const add = (designs: Int32Array): number => {
    const id = pool.id(designs.sort(), 0, designs.length);
    count[id] = (count[id] ?? 0) + 1;
    annotators++;
    return id;
  };
  const patternOf = new Int32Array(table.annotators.size).fill(-1);
  const own = new Uint32Array(table.annotators.size + 1);
  for (let r = 0; r < table.records; r++) {
    if (designOf[r] < 0) continue;
    if (table.annotator[r] >= 0) own[table.annotator[r] + 1]++;
    else add(Int32Array.of(designOf[r]));
  }
  for (let h = 0; h < table.annotators.size; h++) own[h + 1] += own[h];
  const next = own.slice();
  const sorted = new Int32Array(own[table.annotators.size]);
  for (let r = 0; r < table.records; r++) {
    if (designOf[r] >= 0 && table.annotator[r] >= 0) sorted[next[table.annotator[r]]++] = designOf[r];
  }
  for (let h = 0; h < table.annotators.size; h++) {
    if (own[h + 1] > own[h]) patternOf[h] = add(sorted.slice(own[h], own[h + 1]));
  }
  const { start, values } = pool.finish();
  return { start, record: values, count: Float64Array.from(count), annotators, patternOf };
}
