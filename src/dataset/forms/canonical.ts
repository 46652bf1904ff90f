import { kindOf, readJsonLines, type JsonObject, type LineReader } from '../json-lines';
import { child, placeOf } from '../json-place';
import { promptText } from '../messages';
import { readRanking } from '../ranking';
import { RecordFault } from '../record-fault';
import type { Line } from '../lines';
import { recordIds } from '../record-ids';
import { meanOverObjects } from '../sample';
import { blockScanner, type BlockScanner } from '../scan/scanner';
import { withChunks } from '../source';
import type { NewRecord } from '../table-builder';

import { checkChoiceSet, nameOrNone, numbers, parallel, strings } from '../fields';
import { featureReader } from '../features';
import type { TextBytes } from '../text-pool';
import type { Form, FormInput } from './form';

const FIELDS = new Set([
  'annotator', 'prompt', 'responses', 'ranking', 'id', 'type', 'weight', 'features', 'items', 'reference',
]); // prettier-ignore

/** Our own form: one JSON object a line, as `CanonicalRecord` describes it (docs/datasets.md). */
export const canonical: Form = {
  name: 'canonical',
  title: 'lines of {"annotator", "prompt", "responses", "ranking"}',
  endings: ['.jsonl', '.ndjson'],
  roles: [],

  fits: (sample) =>
    meanOverObjects(
      sample,
      (object) => (child(object, 'responses') ? 0.5 : 0) + (child(object, 'ranking') ? 0.5 : 0),
    ),

  read: (input) => readCanonical(input, blockScanner()),
};

/** @param scanner of this file alone */
export async function readCanonical(
  { source, table, log, ...input }: FormInput,
  scanner: BlockScanner,
): Promise<void> {
  const ids = recordIds();
  const order: number[] = [];
  const level: number[] = [];
  const readFeatures = featureReader();
  let bytes: TextBytes = { bytes: Buffer.alloc(0), offset: 0 };
  let first = true;
  const use = (value: JsonObject, line: Line) => {
    if (first) {
      first = false;
      const others = Object.keys(value).filter((key) => !FIELDS.has(key));
      if (others.length > 0)
        table.assume(`Fields that this form does not know are ignored: ${others.join(', ')}.`);
    }
    const responses = strings(value, 'responses');
    const items = value.items === undefined ? undefined : strings(value, 'items');
    if (items) parallel(items, responses, 'items');
    checkChoiceSet(responses, items);
    readRanking(value.ranking, responses.length, order, level);
    const record: NewRecord = {
      annotator: nameOrNone(value, 'annotator'),
      prompt: promptText(value.prompt, 'prompt'),
      responses,
      items,
      order,
      level,
      asShown: true,
      weight: weightOf(value),
      type: nameOrNone(value, 'type'),
      ...readFeatures(value.features, responses),
      reference: referenceOf(value, responses),
    };
    const id = nameOrNone(value, 'id');
    if (id !== undefined && ids.has(id)) throw duplicateId(id);
    table.add(record, { line: line.number, offset: line.offset }, () => placeOf(line, []));
    if (id !== undefined) ids.add(id);
  };
  // most records are plain: they are read without making objects of them
  const reader: LineReader = {
    open: (source) => {
      bytes = source;
      scanner.open(source.bytes);
    },
    read: (from, place) => {
      const next = scanner.scan(from);
      const { record } = scanner;
      if (next < 0 || ids.hasScanned(record.texts)) return -1;
      if (!table.addScanned(record, bytes, place)) return -1;
      ids.addScanned(record.texts);
      first = false;
      return next;
    },
  };
  const chunks = scanner.chunks(source.chunks);
  await readJsonLines({ table, log, ...input, source: withChunks(source, chunks) }, use, reader);
}

function duplicateId(id: string): RecordFault {
  const message = `A record before this one has the id "${id}" already.`;
  return new RecordFault(
    'form/duplicate-id',
    ['id'],
    message,
    'Remove one of the two, or give each record its own id.',
  );
}

function weightOf({ weight }: JsonObject): number | undefined {
  if (weight === undefined || weight === null) return undefined;
  if (typeof weight !== 'number') {
    throw new RecordFault('form/wrong-type', ['weight'], `A weight is a number; this is ${kindOf(weight)}.`);
  }
  if (weight > 0 && weight < Infinity) return weight;
  throw new RecordFault('form/bad-weight', ['weight'], `A weight is positive and finite; this is ${weight}.`);
}

function referenceOf(value: JsonObject, responses: readonly string[]): readonly number[] | undefined {
  if (value.reference === undefined || value.reference === null) return undefined;
  const reference = numbers(value.reference, ['reference']);
  parallel(reference, responses, 'reference');
  const bad = reference.findIndex((probability) => probability <= 0);
  if (bad < 0) return reference;
  throw new RecordFault(
    'form/bad-reference',
    ['reference', bad],
    `A reference probability is positive; this is ${reference[bad]}.`,
    'Leave out responses that the reference policy never gives, or give them a small probability.',
  );
}
