import type { Finding } from '../../protocol/finding';
import type { Context } from '../context';
import { SOURCES } from '../sources';
import { count, firstPlace } from '../words';
import { isSinglePairs } from './single-pairs';

/** Records that name no annotator cannot be grouped by person: each counts as a person of its own. */
export function noAnnotators(context: Context): Finding[] {
  const { table, profile } = context;
  if (profile.strangers === 0) return [];
  const all = profile.strangers === table.records;
  const fails = isSinglePairs(context);
  const which = all
    ? 'No record names an annotator'
    : `${profile.strangers} of ${count(table.records, 'record')} name no annotator`;
  return [
    {
      code: 'identify/no-annotators',
      severity: 'warning',
      scope: 'nonparametric',
      verdict: fails ? 'necessary-fails' : 'unknown',
      message:
        `${which}, so each of them is taken for a different person. Types are told apart by what one person ` +
        `answered several times, and that is lost here.`,
      positions: firstPlace(table, (r) => table.annotator[r] < 0),
      occurrences: profile.strangers,
      ...(fails && { source: SOURCES.lemma41 }),
      fix: 'Add an annotator id to each record, or name the column that holds it. If the ids are gone, collect rankings of three or more.',
    },
  ];
}
