import type { Context } from '../context';
import { fits } from '../findings/not-strongly-connected';
import { SOURCES } from '../sources';
import type { Statement } from './statement';

/** Has one Plackett-Luce model a unique finite maximum-likelihood fit on these comparisons? */
export function fit({ connectivity }: Context): Statement {
  const [unit] = connectivity;
  const what = unit.unit === 'items' ? 'items' : 'single responses';
  if (fits(unit)) {
    return {
      verdict: 'sufficient-generic',
      reasons: [],
      because: [
        `Wins connect the ${unit.graph.nodes} ${what} both ways, so one Plackett-Luce model has a unique finite fit.`,
      ],
      sources: [SOURCES.ford1957],
      assumptions: ['This is about one model for everybody; a type alone may still fall apart.'],
    };
  }
  const torn = unit.weak.count !== unit.needed;
  return {
    verdict: 'necessary-fails',
    reasons: [torn ? 'identify/disconnected' : 'identify/not-strongly-connected'],
    because: [
      `Wins join the ${unit.graph.nodes} ${what} into ${unit.strong.count} parts instead of ${unit.needed}: without a prior there is no unique finite fit.`,
    ],
    sources: [SOURCES.ford1957],
    assumptions: [],
  };
}
