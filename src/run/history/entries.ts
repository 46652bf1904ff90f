import type { IterationEntry } from '../../protocol/history';

/** A label of one byte each. */
export const MOST_TYPES = 256;

const MOST_ENTRIES = 64;
/** Bytes of assignments that are kept, all entries together. */
const MOST_BYTES = 2 ** 22;

/** Entries whose assignments take a bounded room: 64, and fewer beyond 65,536 annotators; never fewer than 2. */
export function mostEntries(annotators: number): number {
  return Math.max(2, Math.min(MOST_ENTRIES, Math.floor(MOST_BYTES / Math.max(1, annotators))));
}

/** At most `most` of the values, the first and the last among them, as evenly as can be. */
export function evenly<T>(values: readonly T[], most: number): T[] {
  if (values.length <= most) return [...values];
  return Array.from({ length: most }, (_, i) => values[Math.round((i * (values.length - 1)) / (most - 1))]);
}

/** The label of each row's profile. @param rows by index into `profileOf` */
export function spread(labels: Uint8Array, profileOf: Int32Array, rows: readonly number[]): Uint8Array {
  return Uint8Array.from(rows, (i) => labels[profileOf[i]]);
}

/** How an entry tells assignments: all of them, and how many differ from those before. */
export function assignmentsOf(
  labels: Uint8Array,
  before: Uint8Array | undefined,
): Pick<IterationEntry, 'moved' | 'assignments'> {
  const moved = before?.reduce((sum, label, i) => sum + Number(label !== labels[i]), 0);
  return { moved: moved ?? null, assignments: Buffer.from(labels).toString('base64') };
}
