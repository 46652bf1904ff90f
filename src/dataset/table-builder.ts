import type { UnrankedTreatment } from '../protocol/experiment';
import type { Position } from '../protocol/finding';
import type { FindingLog } from './finding-log';
import { doubled, stringPool, tripleIndex } from './pool';
import { RecordFault } from './record-fault';
import { responseColumns, type ResponseColumns } from './response-columns';
import { UNRANKED, type Pool, type RankingTable } from './table';

/** The largest choice set: levels are 16-bit numbers and the last stands for "not ranked". */
export const LARGEST_CHOICE_SET = 0xfffe;

/** One ranking as a form hands it over. The arrays are read at once and may be used again for the next record. */
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
  readonly records: number;
  /** Replaces the names of the annotators, for forms that number them: record r is by annotator r. */
  numberAnnotators(pool: Pool): void;
  /** Assumptions the form made, in sentences; a sentence said twice is kept once. */
  assume(sentence: string): void;
  finish(form: string, unranked: UnrankedTreatment): RankingTable;
}

export function tableBuilder(log: FindingLog): TableBuilder {
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

  const annotators = stringPool();
  const prompts = stringPool();
  const texts = stringPool();
  const items = stringPool();
  const responses = tripleIndex();
  let numbered: Pool | undefined;
  let hasItems: boolean | undefined; // settled by the first record
  let perResponse: ResponseColumns | undefined;
  const typeNames = stringPool();
  const typeOf: number[] = []; // by annotator, −1 or undefined where none was given
  const assumptions = new Set<string>();
  let ids = new Int32Array(16); // of the responses of the record at hand

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

  const rememberType = (a: number, type: string, position: () => Position) => {
    const id = typeNames.id(type);
    if ((typeOf[a] ?? -1) < 0) typeOf[a] = id;
    else if (typeOf[a] !== id) {
      const message =
        `The annotator "${annotators.text(a)}" has type "${type}" here and had type ` +
        `"${typeNames.text(typeOf[a])}" before; the first is kept.`;
      log.doubtful({ code: 'form/changed-type', message, fix: 'Give an annotator one type.' }, position());
    }
  };

  return {
    get records() {
      return records;
    },
    numberAnnotators: (pool) => (numbered = pool),
    assume: (sentence) => assumptions.add(sentence),

    add: (record, place, position) => {
      const m = record.responses.length;
      hasItems ??= record.items !== undefined;
      if (hasItems !== (record.items !== undefined)) throw mixedItems(hasItems);
      perResponse?.check(record);

      const x = prompts.id(record.prompt);
      if (ids.length < m) ids = new Int32Array(2 * m);
      for (let i = 0; i < m; i++) {
        const item = record.items ? items.id(record.items[i]) : -1;
        ids[i] = responses.id(x, texts.id(record.responses[i]), item);
      }
      if (record.features || record.reference) {
        perResponse ??= responseColumns();
        perResponse.keep(record, ids, log, position);
      }

      if (records + 1 >= start.length) growRecords();
      while (options + m > option.length) growOptions();
      for (let j = 0; j < m; j++) {
        option[options + j] = ids[record.order[j]];
        level[options + j] = record.level[j];
        shownAt[options + j] = record.order[j];
      }
      allAsShown &&= record.asShown === true;
      const ranked = record.level.indexOf(UNRANKED);
      if (ranked >= 0) sortUnranked(options + ranked, options + m);
      const a = record.annotator ? annotators.id(record.annotator) : -1;
      if (record.type !== undefined) {
        if (a >= 0) rememberType(a, record.type, position);
        else assumptions.add('Known types of records that name no annotator are not used.');
      }
      annotator[records] = a;
      prompt[records] = x;
      start[records] = options;
      weight[records] = record.weight ?? 1;
      line[records] = place.line;
      offset[records] = place.offset;
      options += m;
      records++;
      start[records] = options;
    },

    finish: (form, unranked) => {
      if (numbered) for (let r = 0; r < records; r++) annotator[r] = r;
      const people = numbered ?? annotators;
      const size = responses.size;
      const responseTexts: Pool = { size, text: (id) => texts.text(responses.b[id]) };
      const responsePrompt = responses.a.slice(0, size);
      const known = knownTypes(people.size, typeOf, typeNames);
      const extra = perResponse?.finish(responsePrompt, prompts, responseTexts, log) ?? {};
      return {
        summary: {
          form,
          records,
          annotators: people.size,
          prompts: prompts.size,
          responses: size,
          items: items.size,
          unused: log.unusedByCode(),
          assumptions: [...assumptions],
        },
        unranked,
        records,
        annotator: annotator.slice(0, records),
        prompt: prompt.slice(0, records),
        start: start.slice(0, records + 1),
        weight: weight.slice(0, records),
        line: line.slice(0, records),
        offset: offset.slice(0, records),
        option: option.slice(0, options),
        level: level.slice(0, options),
        ...(allAsShown ? { position: shownAt.slice(0, options) } : {}),
        annotators: people,
        prompts,
        responses: responseTexts,
        responsePrompt,
        ...(hasItems ? { responseItem: responses.c.slice(0, size), items } : {}),
        ...extra,
        ...known,
      };
    },
  };
}

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
