import type { PosteriorTable } from '../../src/protocol/panel';

/** The annotators of a run in one order, which every chart and table of them shares. */
export interface Crowd extends PosteriorTable {
  /** Names of the types. */
  readonly names: readonly string[];
  /** Rows of the posterior: by most probable type, within it by how sure it is. */
  readonly order: readonly number[];
  /** Place of each row in `order`. */
  readonly place: readonly number[];
}

export function crowdOf(posterior: PosteriorTable, names: readonly string[]): Crowd {
  const order = orderAnnotators(posterior);
  const place = new Array<number>(order.length);
  order.forEach((h, i) => (place[h] = i));
  return { ...posterior, names, order, place };
}

/** Annotators by their most probable type, within it by how sure it is. */
export function orderAnnotators({ annotators, gamma, types }: PosteriorTable): number[] {
  const strongest = annotators.map((_, h) => dominant(gamma, types, h));
  const sure = (h: number) => gamma[h * types + strongest[h]];
  return annotators
    .map((_, h) => h)
    .sort((a, b) => strongest[a] - strongest[b] || sure(b) - sure(a) || a - b);
}

/** The type with the largest γ; the first of equals. */
export function dominant(gamma: readonly number[], types: number, annotator: number): number {
  let best = 0;
  for (let k = 1; k < types; k++)
    if (gamma[annotator * types + k] > gamma[annotator * types + best]) best = k;
  return best;
}

export const SORTS = {
  type: 'by type, the surest first',
  unsure: 'the least sure first',
  name: 'by name',
} as const;
export type Sort = keyof typeof SORTS;

/** Rows of the annotators whose name holds a text, sorted. */
export function listed({ annotators, entropy, order }: Crowd, sort: Sort, text: string): readonly number[] {
  const wanted = text.trim().toLocaleLowerCase();
  const found =
    wanted === '' ? [...order] : order.filter((h) => annotators[h].toLocaleLowerCase().includes(wanted));
  if (sort === 'unsure') found.sort((a, b) => entropy[b] - entropy[a] || a - b);
  if (sort === 'name') {
    const { compare } = new Intl.Collator(undefined, { numeric: true });
    found.sort((a, b) => compare(annotators[a], annotators[b]) || a - b);
  }
  return found;
}
