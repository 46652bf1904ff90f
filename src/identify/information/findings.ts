import type { Finding, Position } from '../../protocol/finding';
import type { DesignInformation } from '../../protocol/validation';
import type { Context } from '../context';
import { SOURCES } from '../sources';
import { count, firstPlace } from '../words';

/** A share known no better than this is hardly known. */
const WEAK_SHARE_ERROR = 0.1;

/** Open directions that the message names. */
const MOST_SHOWN = 3;

/** What the Fisher test of the design says: directions without any information, or with too little for this many annotators. */
export function informationFindings(context: Context, design: readonly DesignInformation[]): Finding[] {
  return [...skipped(context, design), ...singular(context, design), ...weak(context, design)];
}

function skipped({ table, profile, types }: Context, design: readonly DesignInformation[]): Finding[] {
  if (profile.depths.uninformative === table.records) return [];
  const left = types.filter((k) => !design.some((d) => d.types === k));
  if (left.length === 0) return [];
  return [
    {
      code: 'identify/information-skipped',
      severity: 'information',
      scope: 'finite-mixture',
      verdict: 'unknown',
      types: left[0],
      message:
        `The Fisher information of the design was not computed for ${left.join(', ')} types: their parameters are too many ` +
        'to be taken apart in seconds. Nothing is said about what this design leaves open for them.',
      positions: [],
      fix: 'Give the file an item column or features, so that fewer parameters describe a type.',
    },
  ];
}

function singular(context: Context, design: readonly DesignInformation[]): Finding[] {
  const first = (at: DesignInformation['at']) => design.find((d) => d.at === at && d.rank < d.parameters);
  return [first('generic'), first('symmetric')].flatMap((d) => {
    if (!d || (d.at === 'symmetric' && first('generic') !== undefined)) return [];
    const lost = d.parameters - d.rank;
    const shown = (d.open ?? []).slice(0, MOST_SHOWN);
    const left = Math.max(0, lost - shown.reduce((sum, { directions }) => sum + directions, 0));
    const places = distinct(shown.flatMap(({ positions }) => positions));
    const where =
      d.at === 'generic'
        ? 'At random parameters'
        : 'In the worst case, two equally large types that want the opposite';
    return [
      {
        code: 'identify/singular-information',
        severity: 'warning' as const,
        scope: 'finite-mixture' as const,
        // a worst case says nothing about the types there really are
        verdict: d.at === 'generic' ? ('necessary-fails' as const) : ('unknown' as const),
        types: d.types,
        message:
          `${where}, ${count(d.types, 'type')} leave ${lost} of ${count(d.parameters, 'direction')} without any information. ` +
          `${sentences(shown.map(({ message }) => message))} ${left > 0 ? `And ${left} more. ` : ''}No number of ` +
          'annotators with this design changes that.',
        positions: places.length > 0 ? places : firstPlace(context.table, () => true),
        source: SOURCES.rothenberg1971,
        fix: 'Ask for rankings of three or more, ask the same annotators more than once, or use fewer types.',
      },
    ];
  });
}

/** Phrases as sentences of their own. */
function sentences(phrases: readonly string[]): string {
  return phrases.map((phrase) => `${phrase.charAt(0).toUpperCase()}${phrase.slice(1)}.`).join(' ');
}

function distinct(positions: readonly Position[]): Position[] {
  return [...new Map(positions.map((position) => [position.line, position])).values()].sort(
    (a, b) => a.line - b.line,
  );
}

function weak(context: Context, design: readonly DesignInformation[]): Finding[] {
  const d = design.find(
    ({ at, types, standardErrors }) =>
      at === 'generic' &&
      types > 1 &&
      standardErrors &&
      Math.max(...standardErrors.shares) > WEAK_SHARE_ERROR,
  );
  if (!d?.standardErrors) return [];
  const error = Math.max(...d.standardErrors.shares);
  return [
    {
      code: 'identify/weak-information',
      severity: 'warning',
      scope: 'finite-mixture',
      verdict: 'unknown',
      types: d.types,
      message:
        `${count(context.profile.people, 'annotator')} with this design tell little about ${d.types} types: at random parameters ` +
        `the share of a type is expected to be known to ±${Math.round(100 * error)} percentage points only. Weakest: ${d.directions[0]}.`,
      positions: d.open?.[0]?.positions.slice(0, 1) ?? firstPlace(context.table, () => true),
      source: SOURCES.rothenberg1971,
      fix: 'Collect more records per annotator, deeper rankings or more annotators, or use fewer types.',
    },
  ];
}
