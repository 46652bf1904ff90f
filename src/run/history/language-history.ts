import type { IterationEntry, IterationHistory } from '../../protocol/history';
import type { LanguageFit } from '../../training/language/train';
import type { Problem } from '../../training/problem';
import { posteriorRows } from '../annotator-posterior';
import { assignmentsOf, evenly, MOST_TYPES, mostEntries, spread } from './entries';

/**
 * The rounds of language models with the assignments after each. Their policies were let go when the next round began,
 * and no responses were drawn from them, so that there are no regrets.
 *
 * @returns undefined for one type, and of a training that an earlier version began
 */
export function languageHistory(
  problem: Problem,
  {
    rounds,
    assigned,
    startKept,
    bestRound,
  }: Pick<LanguageFit, 'rounds' | 'assigned' | 'startKept' | 'bestRound'>,
): IterationHistory | undefined {
  if (!assigned || assigned.order.length > MOST_TYPES) return undefined;
  const { order, labels } = assigned;
  const place = order.map((_, k) => order.indexOf(k));
  const rows = posteriorRows(problem);
  const told = rounds.flatMap((summary) => {
    const own = labels.get(summary.round);
    if (!own) return [];
    const placed = Uint8Array.from(own, (k) => place[k]);
    return [{ ...summary, own: spread(placed, problem.profileOf, rows) }];
  });
  const entries: IterationEntry[] = evenly(told, mostEntries(rows.length)).map(
    ({ round, logLikelihood, shares, own }, i, all) => ({
      iteration: round,
      logLikelihood,
      shares: order.map((k) => shares[k]),
      ...assignmentsOf(own, i === 0 ? undefined : all[i - 1].own),
    }),
  );
  if (entries.length === 0) return undefined;
  const kept = startKept ? 0 : bestRound;
  return { step: 'round', types: order.length, start: 0, kept, annotators: rows.length, entries };
}
