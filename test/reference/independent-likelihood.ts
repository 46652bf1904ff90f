import { UNRANKED, type RankingTable } from '../../src/dataset/table';
import type { TieTreatment } from '../../src/protocol/experiment';

/**
 * Marginal log-likelihood of a mixture, record by record from the definition: no collapsing, no shared kernels.
 * Records without ties only; with `ties: drop` the others are left out.
 */
export function mixtureLogLikelihood(
  table: RankingTable,
  ties: TieTreatment,
  alternativeOf: Int32Array,
  shares: readonly number[],
  utility: readonly Float64Array[],
): number {
  const byAnnotator = new Map<number, number[]>();
  for (let r = 0; r < table.records; r++) {
    const own = byAnnotator.get(table.annotator[r]) ?? [];
    own.push(r);
    byAnnotator.set(table.annotator[r], own);
  }
  let total = 0;
  for (const records of byAnnotator.values()) {
    const used = records.filter((r) => !hasTie(table, r));
    if (ties === 'average' && used.length < records.length) throw new Error('Ties are not covered here.');
    if (used.length === 0) continue;
    const logs = shares.map(
      (share, k) =>
        Math.log(share) +
        used.reduce((sum, r) => sum + recordLogLikelihood(table, r, alternativeOf, utility[k]), 0),
    );
    total += logSum(logs);
  }
  return total;
}

function hasTie(table: RankingTable, r: number): boolean {
  for (let i = table.start[r] + 1; i < table.start[r + 1]; i++) {
    if (table.level[i] === table.level[i - 1] && table.level[i] !== UNRANKED) return true;
  }
  return false;
}

function recordLogLikelihood(
  table: RankingTable,
  r: number,
  alternativeOf: Int32Array,
  u: Float64Array,
): number {
  const options = Array.from(
    table.option.subarray(table.start[r], table.start[r + 1]),
    (y) => u[alternativeOf[y]],
  );
  let sum = 0;
  for (let j = 0; j < options.length && table.level[table.start[r] + j] !== UNRANKED; j++) {
    sum += options[j] - logSum(options.slice(j));
  }
  return sum;
}

function logSum(values: readonly number[]): number {
  const largest = Math.max(...values);
  return largest + Math.log(values.reduce((sum, v) => sum + Math.exp(v - largest), 0));
}
