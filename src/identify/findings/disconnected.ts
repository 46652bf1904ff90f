import type { Finding } from '../../protocol/finding';
import type { Context } from '../context';
import { members } from '../graph';
import { SOURCES } from '../sources';
import { firstPlace, list } from '../words';
import { describe } from './not-strongly-connected';
import { sharesNothing } from './no-shared-prompts';

/** Parts that no decided comparison joins: their rewards cannot be put on one scale. */
export function disconnected(context: Context): Finding[] {
  return [...things(context), ...annotators(context)];
}

function things({ table, connectivity }: Context): Finding[] {
  return connectivity.flatMap((graph) => {
    if (graph.weak.count === graph.needed) return [];
    const { where, spread, worst } = describe(table, graph, graph.weak);
    return [
      {
        code: 'identify/disconnected',
        severity: 'warning',
        scope: 'fit',
        verdict: 'necessary-fails',
        message: `${where}: ${spread} No decided comparison joins the parts, so how one compares with another is not in the data.`,
        positions: firstPlace(table, (r) => graph.unit === 'items' || table.prompt[r] === worst),
        source: SOURCES.ford1957,
        fix: 'Collect comparisons across the parts. Until then only the prior, or features, decides between them.',
      },
    ];
  });
}

/** Groups of annotators that judged nothing in common: which type of one group is which of the other stays open. */
function annotators(context: Context): Finding[] {
  const { table, profile, sharing, unit } = context;
  const present = members(sharing.groups).filter((group) => group.some((a) => profile.recordsOf[a] > 0));
  if (present.length < 2 || sharesNothing(context)) return [];
  const bySize = present.sort((a, b) => b.length - a.length);
  const shown = bySize.slice(0, 3).map(
    (group) =>
      `${group.length} (${list(
        group.map((a) => table.annotators.text(a)),
        2,
      )})`,
  );
  const rest = bySize.length - shown.length;
  const second = new Set(bySize[1]);
  return [
    {
      code: 'identify/disconnected',
      severity: 'warning',
      scope: 'finite-mixture',
      verdict: 'unknown',
      message:
        `The annotators fall into ${present.length} groups that judged no ${unit === 'items' ? 'item' : 'prompt'} in common: ` +
        `${shown.join('; ')}${rest > 0 ? `; and ${rest} smaller` : ''}. With a tabular policy, only the sizes of the types tell ` +
        `which type in one group is which in another.`,
      positions: firstPlace(table, (r) => second.has(table.annotator[r])),
      occurrences: present.length,
      fix: 'Show some prompts to annotators of several groups, or use the log-linear policy.',
    },
  ];
}
