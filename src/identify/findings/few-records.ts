import type { Finding } from '../../protocol/finding';
import { choiceSet } from '../choice-set';
import type { Context } from '../context';
import { shareWithRecords } from '../profile';
import { SOURCES } from '../sources';
import { outcomes, viewsNeeded } from '../views';
import { count, firstPlace } from '../words';
import { isSinglePairs } from './single-pairs';

/** Below this share of annotators with enough records the rule speaks. */
const ENOUGH = 0.5;

/** Records an annotator needs for K types if all records are like the one with the median number of outcomes. */
export function recordsNeeded({ table }: Context, types: number): number {
  const kappas: number[] = [];
  const step = Math.max(1, Math.floor(table.records / 1000)); // a thousand records tell the median well enough
  for (let r = 0; r < table.records; r += step) {
    const { from, to, depth, decides } = choiceSet(table, r);
    if (decides) kappas.push(Math.max(2, outcomes(to - from, depth)));
  }
  kappas.sort((a, b) => a - b);
  return viewsNeeded(types, kappas[kappas.length >> 1] ?? 2);
}

/** Whether too few annotators have enough records to be several independent views of their type. */
export function tooFewRecords(context: Context, types: number): boolean {
  return types >= 2 && shareWithRecords(context.profile, recordsNeeded(context, types)) < ENOUGH;
}

export function fewRecords(context: Context): Finding[] {
  const { table, profile, types, ranking } = context;
  // One ranking each of shared alternatives has theorems of its own, and single pairs a stronger finding.
  if (profile.people === 0 || ranking || isSinglePairs(context)) return [];
  const least = types.find((k) => tooFewRecords(context, k));
  if (least === undefined) return [];
  const needed = recordsNeeded(context, least);
  const below = Math.round((1 - shareWithRecords(profile, needed)) * profile.people);
  const and = types.some((k) => k > least) ? ' and more' : '';
  return [
    {
      code: 'identify/few-records',
      severity: 'warning',
      scope: 'finite-mixture',
      verdict: 'unknown',
      types: least,
      message:
        `${below} of ${count(profile.people, 'annotator')} gave fewer than ${needed} records; the one in the middle gave ` +
        `${profile.medianRecords}. For ${least} types${and}, records of this kind count as independent views of a person's ` +
        `type from ${needed} on. Below that no theorem says that the types can be told apart, nor that they cannot.`,
      positions: firstPlace(
        table,
        (r) => table.annotator[r] < 0 || profile.recordsOf[table.annotator[r]] < needed,
      ),
      occurrences: below,
      source: SOURCES.allman2009,
      fix: `Ask each annotator for at least ${needed} records on shared prompts, or for rankings of more answers.`,
    },
  ];
}
