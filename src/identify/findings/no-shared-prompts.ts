import type { Finding } from '../../protocol/finding';
import type { Context } from '../context';
import { count, firstPlace } from '../words';

/** Whether no two annotators judged anything in common, so that nothing links their tabular rewards. */
export function sharesNothing({ profile, sharing, unit }: Context): boolean {
  return profile.annotators >= 2 && (unit === 'items' ? sharing.sharedItems : sharing.sharedPrompts) === 0;
}

/** The same where there is no way out: no features, and no records of strangers that might be linked. */
export function nothingLinks(context: Context): boolean {
  return sharesNothing(context) && !context.features && context.profile.strangers === 0;
}

export function noSharedPrompts(context: Context): Finding[] {
  if (!sharesNothing(context)) return [];
  const { table, profile, unit } = context;
  const things = unit === 'items' ? 'item' : 'prompt';
  return [
    {
      code: 'identify/no-shared-prompts',
      severity: 'warning',
      scope: 'finite-mixture',
      verdict: nothingLinks(context) ? 'necessary-fails' : 'unknown',
      message:
        `No ${things} was judged by two of the ${count(profile.annotators, 'annotator')}. A tabular policy has one reward for ` +
        `each ${unit === 'items' ? 'item' : 'response'}, so nothing links one annotator to another and no types can be found with it.`,
      positions: firstPlace(table, (r) => table.annotator[r] >= 0),
      fix: `Use the log-linear policy, whose features link different ${things}s; or show the same ${things}s to several annotators.`,
    },
  ];
}
