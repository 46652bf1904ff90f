import type { KnownTypeAgreement } from '../protocol/result';
import { adjustedRand, bestMatching } from './labels';

/**
 * Compares found types with those the dataset itself names. For evaluation only: training never sees them.
 *
 * @param known known type of each annotator, −1 where none is given
 * @param found most probable found type of each annotator, −1 where none was assigned
 */
export function knownTypeAgreement(
  known: Int32Array,
  found: Int32Array,
  names: readonly string[],
  types: number,
): KnownTypeAgreement | undefined {
  const annotators = Array.from(known.keys()).filter((h) => known[h] >= 0 && found[h] >= 0);
  if (annotators.length === 0) return undefined;
  const confusion = names.map(() => new Array<number>(types).fill(0));
  for (const h of annotators) confusion[known[h]][found[h]]++;
  const matched = bestMatching(confusion).reduce((sum, k, row) => sum + (k < 0 ? 0 : confusion[row][k]), 0);
  return {
    names,
    accuracy: matched / annotators.length,
    adjustedRand: adjustedRand(
      annotators.map((h) => known[h]),
      annotators.map((h) => found[h]),
    ),
    confusion,
  };
}
