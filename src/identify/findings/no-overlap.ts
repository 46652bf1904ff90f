import type { Finding } from '../../protocol/finding';
import type { Context } from '../context';
import { count, firstPlace, list } from '../words';
import { sharesNothing } from './no-shared-prompts';

/** Annotators who made no comparison that anyone else made. */
export function noOverlap(context: Context): Finding[] {
  const { table, profile, sharing, unit } = context;
  const { alone } = sharing;
  if (profile.annotators < 2 || sharesNothing(context) || alone?.length === 0) return [];
  const common = {
    code: 'identify/no-overlap',
    severity: 'warning',
    scope: 'finite-mixture',
    verdict: 'unknown',
  } as const;
  if (alone === null) {
    const message =
      'There are more than 30 million comparisons, so it was not checked which annotators share none with others.';
    return [{ ...common, severity: 'information', message, positions: [] }];
  }
  const is = new Set(alone);
  const names = alone.map((a) => table.annotators.text(a));
  const things = unit === 'items' ? 'items' : 'responses';
  return [
    {
      ...common,
      message:
        `${count(alone.length, 'annotator')} of ${profile.annotators} compared no two ${things} that anyone else compared: ` +
        `${list(names)}. A tabular policy can place them in a type only indirectly.`,
      positions: firstPlace(table, (r) => is.has(table.annotator[r])),
      occurrences: alone.length,
      fix: 'Show them some of the comparisons that others judged, or use the log-linear policy.',
    },
  ];
}
