import type { RankingTable } from '../../dataset/table';
import { ngramRows } from '../../policy/features';
import { RunError } from '../run-error';
import type { TypeRewards } from '../type-rewards';

/**
 * r_k(x, y) of every response of a table under log-linear types, up to a constant by prompt and type, which no ranking
 * depends on.
 *
 * @returns by type, by response
 * @throws RunError where the table lacks features that the run was trained on
 */
export function logLinearRewards(
  table: RankingTable,
  { over, values, features }: TypeRewards,
): Float64Array[] {
  const { rows, dimensions } =
    over === 'ngrams'
      ? { rows: ngramRows(table, values[0].length), dimensions: values[0].length }
      : namedRows(table, features ?? []);
  return values.map((weights) =>
    Float64Array.from({ length: table.responses.size }, (_, y) => {
      let sum = 0;
      for (let j = 0; j < dimensions; j++) sum += rows[y * dimensions + j] * weights[j];
      return sum;
    }),
  );
}

/** The features of a table in the order of `names`. */
function namedRows(
  table: RankingTable,
  names: readonly string[],
): { rows: Float64Array; dimensions: number } {
  const own = table.featureNames ?? [];
  const missing = names.filter((name) => !own.includes(name));
  if (!table.features || missing.length > 0) {
    const which = table.features ? ` They lack ${missing.map((name) => `"${name}"`).join(', ')}.` : '';
    throw new RunError(
      `The run was trained on features, which the records must give too, by the same names.${which} Add them, or train with n-grams.`,
    );
  }
  const column = names.map((name) => own.indexOf(name));
  const rows = new Float64Array(table.responses.size * names.length);
  for (let y = 0; y < table.responses.size; y++) {
    column.forEach((from, j) => (rows[y * names.length + j] = table.features![y * own.length + from]));
  }
  return { rows, dimensions: names.length };
}
