import type { RankingTable } from '../../dataset/table';
import type { PosteriorTable } from '../../protocol/panel';
import { recordName } from '../record-name';

/**
 * γ of every type by record of the dataset: the row of its annotator, or of its line where it names none.
 *
 * @returns types arrays, each as long as the table has records; NaN where the run left the record out
 */
export function recordPosterior(table: RankingTable, posterior: PosteriorTable): Float64Array[] {
  const { types, annotators, gamma } = posterior;
  const rowOf = new Map(annotators.map((name, row) => [name, row]));
  const row = Int32Array.from(
    { length: table.annotators.size },
    (_, h) => rowOf.get(table.annotators.text(h)) ?? -1,
  );
  return Array.from({ length: types }, (_, k) =>
    Float64Array.from({ length: table.records }, (_, r) => {
      const h = table.annotator[r];
      const own = h >= 0 ? row[h] : (rowOf.get(recordName(table, r)) ?? -1);
      return own < 0 ? NaN : gamma[own * types + k];
    }),
  );
}
