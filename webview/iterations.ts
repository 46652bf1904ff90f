import type { IterationEntry, IterationHistory } from '../src/protocol/history';

/** What is known of an iteration that is looked at. */
export interface Moment {
  readonly entry: IterationEntry;
  /** Most probable type of each annotator, in the order of posterior.csv; the first ones where there are many. */
  readonly labels: Uint8Array;
  /** The entry that it is held against; none for the first. */
  readonly before?: { readonly entry: IterationEntry; readonly labels: Uint8Array };
}

export interface Move {
  /** Row of the posterior. */
  readonly annotator: number;
  readonly from: number;
  readonly to: number;
}

/** The last entry that is no later than an iteration, or the first one; without an iteration the last of all. */
export function momentAt({ entries }: IterationHistory, iteration = Infinity): Moment | undefined {
  const at = Math.max(
    0,
    entries.findLastIndex((entry) => entry.iteration <= iteration),
  );
  const entry = entries.at(at);
  if (!entry) return undefined;
  const before = at === 0 ? undefined : entries[at - 1];
  return {
    entry,
    labels: bytesOf(entry.assignments),
    ...(before && { before: { entry: before, labels: bytesOf(before.assignments) } }),
  };
}

/** Annotators whose most probable type is another one than in the entry before. */
export function movesOf({ labels, before }: Moment): Move[] {
  if (!before) return [];
  const moves: Move[] = [];
  labels.forEach((to, annotator) => {
    const from = before.labels[annotator];
    if (from !== to) moves.push({ annotator, from, to });
  });
  return moves;
}

/** How many annotators each type has, and how many of them came and went since the entry before. */
export function countsOf(moment: Moment, types: number): { members: number; came: number; went: number }[] {
  const counts = Array.from({ length: types }, () => ({ members: 0, came: 0, went: 0 }));
  for (const label of moment.labels) counts[label].members++;
  for (const { from, to } of movesOf(moment)) {
    counts[from].went++;
    counts[to].came++;
  }
  return counts;
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}
