import type { Context } from '../context';
import { fits } from '../findings/not-strongly-connected';
import { SOURCES } from '../sources';
import { decide, type Statement } from './statement';

/** Has a Plackett-Luce model a unique finite maximum-likelihood fit on these comparisons? */
export function fit({ connectivity: [unit] }: Context, types: number): Statement {
  const what = unit.unit === 'items' ? 'items' : 'single responses';
  const nodes = unit.graph.nodes;
  if (!fits(unit)) {
    const torn = unit.weak.count !== unit.needed;
    const oneWay = unit.strong.count !== unit.weak.count;
    return decide([
      {
        verdict: 'necessary-fails',
        reasons: [
          ...(torn ? ['identify/disconnected'] : []),
          ...(oneWay ? ['identify/not-strongly-connected'] : []),
        ],
        because: `Wins in both directions join the ${nodes} ${what} into ${unit.strong.count} parts instead of ${unit.needed}: without a prior there is no unique finite fit, with one type or with several.`,
        source: SOURCES.ford1957,
      },
    ]);
  }
  if (types === 1) {
    return decide([
      {
        verdict: 'sufficient-generic',
        because: `Wins join the ${nodes} ${what} in both directions, so that one Plackett-Luce model has a unique finite fit.`,
        source: SOURCES.ford1957,
      },
    ]);
  }
  return decide([
    {
      verdict: 'unknown',
      because: `Wins join the ${nodes} ${what} in both directions. That is needed, but the theorem is about one type: the records of one type alone may fall apart, and a mixture may have several best fits.`,
      source: SOURCES.ford1957,
    },
  ]);
}
