import type { UnrankedTreatment } from '../protocol/experiment';
import type { Position } from '../protocol/finding';
import type { DatasetFile } from '../protocol/validation';
import type { FindingLog } from './finding-log';
import { doubled } from './numbers';
import type { Origin } from './origin';
import { stringPool } from './pool';
import { RecordFault } from './record-fault';
import { recordTexts } from './record-texts';
import { responseColumns, type ResponseColumns } from './response-columns';
import { responseIds } from './response-ids';
import { SLOT } from './slots';
import { UNRANKED, type Pool, type RankingTable } from './table';
import type { TextSlots } from './text-hash';
import { textPool, textStore, type TextBytes } from './text-pool';

/** The largest choice set: levels are 16-bit numbers and the last stands for "not ranked". */
export const LARGEST_CHOICE_SET = 0xfffe;

/**
 * One ranking as a form hands it over. The arrays are read at once and may be used again for the next record; the same
 * object handed over twice in a row is the same record again.
 */
export interface NewRecord {
  /** Absent or empty where the file names none. */
  readonly annotator?: string;
  readonly prompt: string;
  /** The choice set as the file lists it, at least two, no two alike. */
  readonly responses: readonly string[];
  /** Parallel to `responses`. */
  readonly items?: readonly string[];
  /** Every index of `responses` once: best first, those not ranked last. */
  readonly order: readonly number[];
  /** Parallel to `order`: 0 for the best, equal where tied, without gaps; UNRANKED where not ranked. */
  readonly level: readonly number[];
  /** Whether `responses` stand in the order in which the annotator saw them. */
  readonly asShown?: boolean;
  readonly weight?: number;
  /** Known type of the annotator. */
  readonly type?: string;
  /** Parallel to `responses`, each in the order of `featureNames`. */
  readonly features?: readonly (readonly number[])[];
  readonly featureNames?: readonly string[];
  /** Parallel to `responses`. */
  readonly reference?: readonly number[];
}

/** A record of nothing but texts and a ranking, its texts as they were found in some bytes. */
export interface ScannedRecord {
  /** By SLOT. */
  readonly texts: TextSlots;
  /** Number of responses. */
  size: number;
  /** As in NewRecord; only the first `size` entries count. */
  readonly order: readonly number[];
  readonly level: readonly number[];
}

/** Where a record begins. */
export interface RecordPlace {
  readonly line: number;
  readonly offset: number;
}

/** Grows a RankingTable record by record. */
export interface TableBuilder {
  /**
   * @param position where to point a warning about the record; called only when there is one
   * @throws RecordFault before anything of the record is kept, when it does not fit what came before
   */
  add(record: NewRecord, place: RecordPlace, position: () => Position): void;
  /**
   * Adds a record of which all texts are in `source`, shown in the order of its responses.
   *
   * @returns false when something about it must be reported: nothing of it is kept
   */
  addScanned(record: ScannedRecord, source: TextBytes, place: RecordPlace): boolean;
  readonly records: number;
  /** Replaces the names of the annotators, for forms that number them: record r is by annotator r. */
  numberAnnotators(pool: Pool): void;
  /** Assumptions the form made, in sentences; a sentence said twice is kept once. */
  assume(sentence: string): void;
  /** The same of a number that is only known at the end: `count`s of one key are added up. */
  tally(key: string, count: number, sentence: (total: number) => string): void;
  /** @param files of which the dataset is made, where there are several */
  finish(form: string, unranked: UnrankedTreatment, files?: readonly DatasetFile[]): RankingTable;
}

/** @param origin where the bytes of the dataset can be read again */
export function tableBuilder(log: FindingLog, origin?: Origin): TableBuilder {
  let records = 0;
  let annotator = new Int32Array(64);
  let prompt = new Int32Array(64);
  let start = new Uint32Array(64);
  let weight = new Float64Array(64);
  let line = new Uint32Array(64);
  let offset = new Float64Array(64);
  let options = 0;
  let option = new Int32Array(256);
  let level = new Uint16Array(256);
  let shownAt = new Uint16Array(256);
  let allAsShown = true;
  let tail = new Float64Array(16); // options of the record at hand that were not ranked, with their positions

  const store = textStore(origin);
  const annotators = textPool(store);
  const prompts = textPool(store);
  const responses = responseIds(store);
  const items = stringPool();
  let numbered: Pool | undefined;
  let hasItems: boolean | undefined; // settled by the first record
  let perResponse: ResponseColumns | undefined;
  const typeNames = textPool(store);
  const typeOf: number[] = []; // by annotator, −1 or undefined where none was given
  const assumptions = new Set<string>();
  const tallies = new Map<string, { total: number; sentence: (total: number) => string }>();
  let ids = new Int32Array(16); // of the responses of the record at hand
  const texts = recordTexts();

  const growRecords = () => {
    annotator = doubled(annotator);
    prompt = doubled(prompt);
    start = doubled(start);
    weight = doubled(weight);
    line = doubled(line);
    offset = doubled(offset);
  };
  const growOptions = () => {
    option = doubled(option);
    level = doubled(level);
    shownAt = doubled(shownAt);
  };

  // how a file lists what was not ranked means nothing: by id, equal choice sets are equal numbers
  const sortUnranked = (from: number, to: number) => {
    const size = to - from;
    if (tail.length < size) tail = new Float64Array(2 * size);
    for (let i = 0; i < size; i++) tail[i] = option[from + i] * 0x10000 + shownAt[from + i];
    tail.subarray(0, size).sort();
    for (let i = 0; i < size; i++) {
      option[from + i] = Math.floor(tail[i] / 0x10000);
      shownAt[from + i] = tail[i] % 0x10000;
    }
  };

  /** Sets `ids`. @returns the prompt */
  const identify = (found: TextSlots, source: TextBytes, m: number, names?: readonly string[]) => {
    const x = prompts.id(found, SLOT.prompt, source);
    if (ids.length < m) ids = new Int32Array(2 * m);
    responses.ofRecord(
      found,
      source,
      x,
      m,
      ids,
      names?.map((name) => items.id(name)),
    );
    return x;
  };

  /** Adds a row for the responses in `ids`. */
  const append = (
    x: number,
    a: number,
    m: number,
    { order, level: levels }: Pick<NewRecord, 'order' | 'level'>,
    mass: number,
    place: RecordPlace,
  ) => {
    if (records + 1 >= start.length) growRecords();
    while (options + m > option.length) growOptions();
    let ranked = m;
    for (let j = 0; j < m; j++) {
      option[options + j] = ids[order[j]];
      level[options + j] = levels[j];
      shownAt[options + j] = order[j];
      if (levels[j] === UNRANKED && ranked === m) ranked = j;
    }
    if (ranked < m) sortUnranked(options + ranked, options + m);
    annotator[records] = a;
    prompt[records] = x;
    start[records] = options;
    weight[records] = mass;
    line[records] = place.line;
    offset[records] = place.offset;
    options += m;
    records++;
    start[records] = options;
  };

  /** Whether a known type contradicts what an earlier record said of the annotator. */
  const typeChanged = (found: TextSlots) => {
    if (found.length[SLOT.type] < 0 || found.length[SLOT.annotator] < 0) return false;
    const a = annotators.find(found, SLOT.annotator);
    const before = a < 0 ? -1 : (typeOf[a] ?? -1);
    return before >= 0 && typeNames.find(found, SLOT.type) !== before;
  };
  /** @returns the annotator, −1 where the record names none */
  const annotatorOf = (found: TextSlots, source: TextBytes) => {
    const a = found.length[SLOT.annotator] < 0 ? -1 : annotators.id(found, SLOT.annotator, source);
    if (found.length[SLOT.type] >= 0) {
      if (a < 0) assumptions.add('Known types of records that name no annotator are not used.');
      else if ((typeOf[a] ?? -1) < 0) typeOf[a] = typeNames.id(found, SLOT.type, source);
    }
    return a;
  };
  const reportType = ({ type }: NewRecord, a: number, position: () => Position) => {
    const message =
      `The annotator "${annotators.pool.text(a)}" has type "${type}" here and had type ` +
      `"${typeNames.pool.text(typeOf[a])}" before; the first is kept.`;
    log.doubtful({ code: 'form/changed-type', message, fix: 'Give an annotator one type.' }, position());
  };

  return {
    get records() {
      return records;
    },
    numberAnnotators: (pool) => (numbered = pool),
    assume: (sentence) => assumptions.add(sentence),
    tally: (key, count, sentence) => {
      tallies.set(key, { total: (tallies.get(key)?.total ?? 0) + count, sentence });
    },

    add: (record, place, position) => {
      const m = record.responses.length;
      hasItems ??= record.items !== undefined;
      if (hasItems !== (record.items !== undefined)) throw mixedItems(hasItems);
      perResponse?.check(record);
      const found = texts.of(record);
      const x = identify(found, texts.source, m, record.items);
      if (record.features || record.reference) {
        perResponse ??= responseColumns();
        perResponse.keep(record, ids, log, position);
      }
      allAsShown &&= record.asShown === true;
      const changed = typeChanged(found);
      const a = annotatorOf(found, texts.source);
      if (changed) reportType(record, a, position);
      append(x, a, m, record, record.weight ?? 1, place);
    },

    addScanned: (record, source, place) => {
      hasItems ??= false;
      if (hasItems || typeChanged(record.texts)) return false;
      const x = identify(record.texts, source, record.size);
      append(x, annotatorOf(record.texts, source), record.size, record, 1, place);
      return true;
    },

    finish: (form, unranked, files = []) => {
      if (numbered) for (let r = 0; r < records; r++) annotator[r] = r;
      const people = numbered ?? annotators.pool;
      const promptOf = responses.prompts();
      const known = knownTypes(people.size, typeOf, typeNames.pool);
      const extra = perResponse?.finish(promptOf, prompts.pool, responses.pool, log) ?? {};
      return {
        summary: {
          form,
          records,
          annotators: people.size,
          prompts: prompts.size,
          responses: responses.size,
          items: items.size,
          unused: log.unusedByCode(),
          assumptions: [...assumptions, ...Array.from(tallies.values(), tallied)],
          ...(files.length > 0 ? { files } : {}),
        },
        unranked,
        records,
        // views of columns with room to spare: the room was never touched, so it takes no memory
        annotator: annotator.subarray(0, records),
        prompt: prompt.subarray(0, records),
        start: start.subarray(0, records + 1),
        weight: weight.subarray(0, records),
        line: line.subarray(0, records),
        offset: offset.subarray(0, records),
        option: option.subarray(0, options),
        level: level.subarray(0, options),
        ...(allAsShown ? { position: shownAt.subarray(0, options) } : {}),
        annotators: people,
        prompts: prompts.pool,
        responses: responses.pool,
        responsePrompt: promptOf,
        ...(hasItems ? { responseItem: responses.items(), items } : {}),
        ...extra,
        ...known,
      };
    },
  };
}

const tallied = (entry: { total: number; sentence: (total: number) => string }) =>
  entry.sentence(entry.total);

function mixedItems(expected: boolean): RecordFault {
  const [message, path] = expected
    ? ['This record has no items, and the records before it have.', []]
    : ['This record has items, and the records before it have none.', ['items']];
  return new RecordFault('form/mixed-items', path, message, 'Give items in every record or in none.');
}

/** Numbers the types by the annotators' order, so that a dataset written and read again is the same table. */
function knownTypes(
  people: number,
  typeOf: readonly number[],
  names: Pool,
): Pick<RankingTable, 'knownType' | 'knownTypes'> {
  const knownTypes = stringPool();
  const knownType = new Int32Array(people).fill(-1);
  typeOf.forEach((type, a) => {
    knownType[a] = knownTypes.id(names.text(type));
  });
  return { knownType, knownTypes };
}
