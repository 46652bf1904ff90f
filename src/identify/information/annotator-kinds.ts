import type { AnnotatorKind } from '../../protocol/validation';
import { count } from '../words';
import type { DesignPatterns } from './design-patterns';

/** What the annotators of pattern p gave. */
export function kindOf({ records, start, record }: DesignPatterns, p: number): AnnotatorKind['kind'] {
  const own = Array.from(record.subarray(start[p], start[p + 1]), (d) => records[d]);
  const pairs = own.every(({ offered }) => offered.length === 2);
  const favourites = own.every(({ depth }) => depth === 1);
  if (own.length === 1) return pairs ? 'one-pair' : favourites ? 'one-favourite' : 'one-ranking';
  return pairs ? 'pairs' : favourites ? 'favourites' : 'rankings';
}

/** Annotators by what they gave, the most frequent first. */
export function annotatorKinds(
  design: DesignPatterns,
  touches: (pattern: number) => boolean,
): AnnotatorKind[] {
  const byKind = new Map<AnnotatorKind['kind'], number>();
  for (let p = 0; p < design.count.length; p++) {
    if (!touches(p)) continue;
    const kind = kindOf(design, p);
    byKind.set(kind, (byKind.get(kind) ?? 0) + design.count[p]);
  }
  return [...byKind].map(([kind, n]) => ({ kind, count: n })).sort((a, b) => b.count - a.count);
}

const GAVE: Record<AnnotatorKind['kind'], readonly [one: string, several: string]> = {
  'one-pair': ['who compared a single pair', 'who compared a single pair each'],
  'one-favourite': ['who named one favourite', 'who named one favourite each'],
  'one-ranking': ['who gave one ranking', 'who gave one ranking each'],
  pairs: ['who only compared pairs', 'who only compared pairs, several each'],
  favourites: ['who only named favourites', 'who only named favourites, several each'],
  rankings: ['with several records', 'with several records each, rankings among them'],
};

/** "45 annotators who compared a single pair each". */
export function kindWords({ kind, count: n }: AnnotatorKind): string {
  return `${count(n, 'annotator')} ${GAVE[kind][n === 1 ? 0 : 1]}`;
}

/** Several kinds in one phrase. */
export function kindsWords(kinds: readonly AnnotatorKind[]): string {
  return kinds.map(kindWords).join(' and ');
}
