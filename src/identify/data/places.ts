import type { Finding } from '../../protocol/finding';

/** Findings listed for each code; the rest is counted. */
export const MOST_PLACES = 1000;

/** What the findings of one rule have in common. */
export interface Kind {
  readonly code: `data/${string}`;
  readonly severity: 'warning' | 'information';
  readonly fix: string;
  readonly source?: string;
}

/** A finding at one place, without what its rule says of all. */
export type Place = Pick<Finding, 'message' | 'positions' | 'related'> &
  Partial<Pick<Finding, 'occurrences' | 'fix'>>;

/**
 * One finding for each case, the first thousand of them, and one more that counts them all where there are more.
 *
 * @param describe called only for the cases that are listed
 */
export function listPlaces<T>(kind: Kind, cases: readonly T[], describe: (each: T) => Place): Finding[] {
  const findings = cases.slice(0, MOST_PLACES).map((each) => finding(kind, describe(each)));
  if (cases.length > MOST_PLACES) {
    const message = `There are ${cases.length} such places; only the first ${MOST_PLACES} are listed.`;
    findings.push(finding(kind, { message, positions: [], occurrences: cases.length }));
  }
  return findings;
}

/** One finding of a rule. */
export function finding(kind: Kind, place: Place): Finding {
  return { scope: 'data', ...kind, ...place };
}

/** Says that a rule stopped before the end of a large dataset: what was not looked at is never silently left out. */
export function unfinished(kind: Kind, message: string): Finding {
  return { scope: 'data', code: kind.code, severity: 'information', message, positions: [] };
}
