import { isObject, kindOf } from './json-lines';
import { RecordFault, type JsonPath } from './record-fault';
import { featureName } from './response-columns';
import type { NewRecord } from './table-builder';
import { numbers, parallel } from './fields';

type Features = Pick<NewRecord, 'features' | 'featureNames'>;

/**
 * Reads the `features` of one record after the other: an array parallel to the responses, of arrays of numbers or of
 * objects name → number. All responses of a record have the same features; so have all records, which the table
 * checks.
 *
 * @returns a function that throws RecordFault at the broken entry
 */
export function featureReader(): (features: unknown, responses: readonly string[]) => Features {
  let names: readonly string[] = []; // of the record before: mostly this record has the same

  return (features, responses) => {
    if (features === undefined || features === null) return {};
    if (!Array.isArray(features)) {
      throw new RecordFault(
        'form/wrong-type',
        ['features'],
        `"features" must be an array; this is ${kindOf(features)}.`,
      );
    }
    parallel(features, responses, 'features');
    const model: unknown = features[0];
    if (isObject(model)) {
      const keys = Object.keys(model);
      if (keys.length !== names.length || names.some((name, i) => name !== keys[i])) names = keys;
    } else {
      const length = numbers(model, ['features', 0]).length;
      if (names.length !== length || (length > 0 && names[0] !== featureName(0))) {
        names = Array.from({ length }, (_, i) => featureName(i));
      }
    }
    const named = isObject(model);
    const rows = features.map((row: unknown, i) => (named ? byName(row, names, i) : inOrder(row, names, i)));
    return names.length === 0 ? {} : { features: rows, featureNames: names };
  };
}

function inOrder(row: unknown, names: readonly string[], i: number): readonly number[] {
  if (isObject(row)) throw otherFeatures(['features', i]);
  const list = numbers(row, ['features', i]);
  if (list.length !== names.length) throw otherFeatures(['features', i]);
  return list;
}

function byName(row: unknown, names: readonly string[], i: number): readonly number[] {
  if (!isObject(row) || Object.keys(row).length !== names.length) throw otherFeatures(['features', i]);
  return names.map((name) => {
    if (!Object.hasOwn(row, name)) throw otherFeatures(['features', i]);
    return numbers([row[name]], ['features', i], name)[0];
  });
}

function otherFeatures(path: JsonPath): RecordFault {
  const message = 'These features are not those of the other responses of the record.';
  const fix = 'Give every response the same features in the same order; write 0 where one does not apply.';
  return new RecordFault('form/feature-names', path, message, fix);
}
