import type { Position } from '../protocol/finding';
import type { FindingLog } from './finding-log';
import { doubled } from './numbers';
import { RecordFault } from './record-fault';
import type { NewRecord } from './table-builder';
import type { Pool, RankingTable } from './table';

/** Features and reference probabilities by response, gathered while records are read. */
export interface ResponseColumns {
  /** @throws RecordFault when the features have other names than before */
  check(record: NewRecord): void;
  /** @param ids response of each entry of `record.responses` */
  keep(record: NewRecord, ids: Int32Array, log: FindingLog, position: () => Position): void;
  finish(
    responsePrompt: Int32Array,
    prompts: Pool,
    responses: Pool,
    log: FindingLog,
  ): Pick<RankingTable, 'features' | 'featureNames' | 'reference'>;
}

/** Two numbers meant to be the same may differ in the last digits that a program wrote. */
const same = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));

export function responseColumns(): ResponseColumns {
  let names: readonly string[] | undefined;
  let features = new Float64Array(256); // responses × names
  let hasFeatures = new Uint16Array(64);
  let reference = new Float64Array(64); // 0 where none was given
  let anyReference = false;

  const reserve = (response: number, width: number) => {
    while (response >= reference.length) {
      reference = doubled(reference);
      hasFeatures = doubled(hasFeatures);
    }
    while ((response + 1) * width > features.length) features = doubled(features);
  };

  return {
    check: ({ features: given, featureNames }) => {
      if (!given || !featureNames || !names || sameNames(names, featureNames)) return;
      const numbered = names.every((name, i) => name === featureName(i));
      const expected = numbered ? `${names.length} numbers` : names.join(', ');
      throw new RecordFault(
        'form/feature-names',
        ['features'],
        `The features differ from those of the records before, which are ${expected}.`,
        'Give every response the same features in the same order; write 0 where one does not apply.',
      );
    },

    keep: (record, ids, log, position) => {
      if (record.features) names ??= record.featureNames;
      anyReference ||= record.reference !== undefined;
      const width = names?.length ?? 0;
      let changedFeatures = -1;
      let changedReference = -1;
      for (let i = 0; i < record.responses.length; i++) {
        const y = ids[i];
        reserve(y, width);
        if (record.features) {
          const given = record.features[i];
          const known = hasFeatures[y] === 1;
          for (let f = 0; f < width; f++) {
            if (!known) features[y * width + f] = given[f];
            else if (!same(features[y * width + f], given[f])) changedFeatures = i;
          }
          hasFeatures[y] = 1;
        }
        if (record.reference) {
          if (reference[y] === 0) reference[y] = record.reference[i];
          else if (!same(reference[y], record.reference[i])) changedReference = i;
        }
      }
      if (changedFeatures >= 0) {
        const message = `Response ${changedFeatures} has other features than the same response to the same prompt had before; the first are kept.`;
        const fix =
          'Features belong to the prompt and the response; give a response the same ones everywhere.';
        log.doubtful({ code: 'form/changed-features', message, fix }, position());
      }
      if (changedReference >= 0) {
        const message = `Response ${changedReference} has another reference probability than the same response to the same prompt had before; the first is kept.`;
        const fix = 'Use one scale for all records of a prompt.';
        log.doubtful({ code: 'form/changed-reference', message, fix }, position());
      }
    },

    finish: (responsePrompt, prompts, responses, log) => {
      const size = responsePrompt.length;
      reserve(size, names?.length ?? 0);
      const columns: { features?: Float64Array; featureNames?: readonly string[]; reference?: Float64Array } =
        {};
      if (names) {
        const missing = hasFeatures.subarray(0, size).indexOf(0);
        if (missing < 0) {
          columns.features = features.slice(0, size * names.length);
          columns.featureNames = names;
        } else log.doubtful(missingFeatures(responses.text(missing), prompts.text(responsePrompt[missing])));
      }
      if (anyReference)
        columns.reference = normalised(reference.slice(0, size), responsePrompt, prompts, log);
      return columns;
    },
  };
}

export const featureName = (index: number) => `feature ${index + 1}`;

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((name, i) => name === b[i]));
}

function missingFeatures(response: string, prompt: string) {
  return {
    code: 'form/missing-features',
    message:
      `Some responses have features and some have none, such as ${quoted(response)} to the prompt ` +
      `${quoted(prompt)}; the features of this file are not used.`,
    fix: 'Give every response features, or none.',
  };
}

/** Makes the reference sum to 1 by prompt; a prompt that has it for some responses only gets a uniform one. */
function normalised(
  reference: Float64Array,
  responsePrompt: Int32Array,
  prompts: Pool,
  log: FindingLog,
): Float64Array {
  const sum = new Float64Array(prompts.size);
  const count = new Uint32Array(prompts.size);
  const given = new Uint32Array(prompts.size);
  for (let y = 0; y < reference.length; y++) {
    const x = responsePrompt[y];
    sum[x] += reference[y];
    count[x]++;
    if (reference[y] > 0) given[x]++;
  }
  const incomplete = count.findIndex((n, x) => given[x] < n);
  if (incomplete >= 0) {
    const prompt = quoted(prompts.text(incomplete));
    const message = `Some responses have no reference probability, such as some to the prompt ${prompt}; a uniform reference is used for such prompts.`;
    log.doubtful({
      code: 'form/missing-reference',
      message,
      fix: 'Give every response of a prompt a reference probability.',
    });
  }
  for (let y = 0; y < reference.length; y++) {
    const x = responsePrompt[y];
    if (given[x] < count[x]) reference[y] = 1 / count[x];
    // one that sums to 1 already is left as it is, so that writing and reading again changes no digit
    else if (Math.abs(sum[x] - 1) > 1e-12) reference[y] /= sum[x];
  }
  return reference;
}

/** A text in quotation marks, cut to a length that fits into a sentence. */
export function quoted(text: string, longest = 60): string {
  const oneLine = text.replace(/\s+/g, ' ').trim();
  return `"${oneLine.length > longest ? `${oneLine.slice(0, longest - 1)}…` : oneLine}"`;
}
