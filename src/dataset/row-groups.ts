import { setImmediate as breathe } from 'node:timers/promises';
import { textEncoding } from './encode-text';
import type { FormInput } from './forms/form';
import { doubled } from './numbers';
import { RecordFault } from './record-fault';
import { spill } from './spill';
import { LARGEST_CHOICE_SET, type RecordPlace } from './table-builder';
import { textIndex } from './text-index';
import { textSlots } from './text-hash';

/** One row of a group as it was added. */
export interface GroupedRow {
  readonly texts: readonly (string | null)[];
  /** NaN where there was none. */
  readonly numbers: readonly number[];
  readonly place: RecordPlace;
}

/**
 * Gathers rows that belong together wherever they stand in a file. Of a row only numbers and the place of its texts lie
 * in memory, about 60 bytes; texts beyond 64 MiB go to a temporary file.
 */
export interface RowGroups {
  add(key: readonly (string | undefined)[], row: GroupedRow): void;
  /**
   * Hands over the rows of each group in file order, groups by their first rows; a RecordFault is reported there, and
   * costs this group.
   *
   * @throws the signal's reason when it is aborted
   */
  each(input: FormInput, use: (rows: readonly GroupedRow[]) => void): Promise<void>;
}

const SLICE = 5000; // groups used before an abort is looked for

/** @param width how many numbers a row has */
export function rowGroups(width: number): RowGroups {
  const keys = textIndex();
  const slots = textSlots(1);
  const encoding = textEncoding();
  const texts = spill();
  let rows = 0;
  let group = new Int32Array(64);
  let from = new Float64Array(64);
  let length = new Uint32Array(64);
  let numbers = new Float64Array(64 * width);
  let line = new Uint32Array(64);
  let offset = new Float64Array(64);

  const grow = () => {
    group = doubled(group);
    from = doubled(from);
    length = doubled(length);
    numbers = doubled(numbers);
    line = doubled(line);
    offset = doubled(offset);
  };
  const rowAt = (row: number): GroupedRow => ({
    texts: JSON.parse(texts.read(from[row], length[row]).toString('utf8')) as (string | null)[],
    numbers: Array.from(numbers.subarray(row * width, (row + 1) * width)),
    place: { line: line[row], offset: offset[row] },
  });

  return {
    add: (key, row) => {
      if (rows === group.length) grow();
      encoding.clear();
      encoding.put(JSON.stringify(key), slots, 0);
      group[rows] = keys.id(slots.key[0], slots.key[1]);
      const bytes = Buffer.from(JSON.stringify(row.texts));
      from[rows] = texts.append(bytes, 0, bytes.length);
      length[rows] = bytes.length;
      numbers.set(row.numbers, rows * width);
      line[rows] = row.place.line;
      offset[rows] = row.place.offset;
      rows++;
    },

    each: async ({ log, signal }, use) => {
      // rows by group, in file order: a counting sort
      const start = new Uint32Array(keys.size + 1);
      for (let r = 0; r < rows; r++) start[group[r] + 1]++;
      for (let g = 0; g < keys.size; g++) start[g + 1] += start[g];
      const next = start.slice();
      const sorted = new Uint32Array(rows);
      for (let r = 0; r < rows; r++) sorted[next[group[r]]++] = r;
      for (let g = 0; g < keys.size; g++) {
        if (g % SLICE === SLICE - 1) {
          await breathe();
          signal?.throwIfAborted();
        }
        const own = sorted.subarray(start[g], start[g + 1]);
        try {
          if (own.length > LARGEST_CHOICE_SET) throw tooMany(own.length);
          use(Array.from(own, rowAt));
        } catch (error) {
          if (!(error instanceof RecordFault)) throw error;
          const { code, message, fix } = error;
          log.unused({ code, message, fix }, { line: line[own[0]], column: 1 });
        }
      }
    },
  };
}

function tooMany(size: number): RecordFault {
  const message = `${size} rows belong to this ranking; at most ${LARGEST_CHOICE_SET} responses can be ranked.`;
  const fix = 'Name the columns that tell rankings apart: annotator, prompt or group.';
  return new RecordFault('form/too-many-responses', [], message, fix);
}
