import * as v from 'valibot';
import type { ValidationReport } from '../protocol/validation';
import { writeAtomic } from './atomic';
import { check, readChecked, toJson } from './checked';
import type { Shape } from './checked';
import { RUN_FILES, runFile } from './run-files';

const scope = v.picklist(['form', 'data', 'nonparametric', 'finite-mixture', 'linear-reward', 'fit']);
const verdict = v.picklist(['necessary-fails', 'sufficient-generic', 'unknown']);
const position = v.looseObject({
  line: v.number(),
  column: v.number(),
  endLine: v.optional(v.number()),
  endColumn: v.optional(v.number()),
});

/** Of a DatasetSummary, which run.json holds too. */
export const summaryEntries = {
  form: v.string(),
  records: v.number(),
  annotators: v.number(),
  prompts: v.number(),
  responses: v.number(),
  items: v.number(),
  unused: v.record(v.string(), v.number()),
  assumptions: v.array(v.string()),
};

const bars = v.array(v.looseObject({ from: v.number(), to: v.number(), count: v.number() }));
const count = v.number();

const collection = v.looseObject({
  choiceSetSizes: bars,
  depths: v.looseObject({
    pair: count,
    'best-of': count,
    top: count,
    full: count,
    tied: count,
    uninformative: count,
  }),
  recordsPerAnnotator: bars,
  annotatorsPerPrompt: bars,
  recordsPerPrompt: bars,
  graphs: v.array(
    v.looseObject({
      kind: v.picklist(['compared', 'judged']),
      things: v.picklist(['responses', 'items', 'prompts']),
      nodes: v.number(),
      parts: v.number(),
      needed: v.number(),
      strongParts: v.optional(v.number()),
      shown: v.array(
        v.looseObject({
          label: v.string(),
          prompt: v.optional(v.string()),
          things: v.number(),
          part: v.number(),
          strongPart: v.optional(v.number()),
          records: v.number(),
          line: v.number(),
        }),
      ),
      links: v.array(
        v.looseObject({
          from: v.number(),
          to: v.number(),
          count: v.number(),
          wins: v.optional(v.number()),
          line: v.number(),
        }),
      ),
      every: v.number(),
    }),
  ),
});

const advice = v.looseObject({
  types: v.number(),
  at: v.picklist(['generic', 'symmetric']),
  measure: v.picklist(['share', 'eigenvalue']),
  target: v.number(),
  shareError: v.nullable(v.number()),
  singular: v.number(),
  smallestEigenvalueOfAll: v.number(),
  reached: v.boolean(),
  options: v.array(
    v.looseObject({
      action: v.picklist([
        'more-annotators',
        'more-records',
        'records-of-few',
        'records-of-annotators',
        'best-of-three',
        'rankings-of-three',
        'rankings-where-weak',
        'deeper-rankings',
        'bridges',
      ]),
      message: v.string(),
      judgements: v.number(),
      shareError: v.nullable(v.number()),
      singular: v.number(),
      smallestEigenvalueOfAll: v.number(),
      reaches: v.boolean(),
      gain: v.nullable(v.number()),
      annotators: v.optional(v.array(v.string())),
      prompts: v.optional(v.array(v.string())),
      pairs: v.optional(v.array(v.tuple([v.string(), v.string()]))),
    }),
  ),
});

const open = v.looseObject({
  pattern: v.picklist(['parts', 'types', 'shares', 'features', 'other']),
  message: v.string(),
  directions: v.number(),
  types: v.array(v.number()),
  mass: v.looseObject({ shares: v.number(), rewards: v.array(v.number()) }),
  about: v.looseObject({
    kind: v.picklist(['prompts', 'responses', 'items', 'features']),
    count: v.number(),
    names: v.array(v.string()),
  }),
  annotators: v.array(
    v.looseObject({
      kind: v.picklist(['one-pair', 'one-favourite', 'one-ranking', 'pairs', 'favourites', 'rankings']),
      count: v.number(),
      part: v.optional(v.number()),
    }),
  ),
  positions: v.array(position),
});

const shape: Shape<ValidationReport> = v.looseObject({
  dataset: v.looseObject(summaryEntries),
  findings: v.array(
    v.looseObject({
      code: v.string(),
      severity: v.picklist(['error', 'warning', 'information', 'hint']),
      scope,
      verdict: v.optional(verdict),
      types: v.optional(v.number()),
      message: v.string(),
      positions: v.array(position),
      occurrences: v.optional(v.number()),
      related: v.optional(v.array(v.looseObject({ message: v.string(), position }))),
      source: v.optional(v.string()),
      fix: v.optional(v.string()),
    }),
  ),
  verdicts: v.array(
    v.looseObject({
      types: v.number(),
      scope,
      verdict,
      reasons: v.array(v.string()),
      because: v.array(v.string()),
      sources: v.array(v.string()),
      assumptions: v.array(v.string()),
    }),
  ),
  design: v.array(
    v.looseObject({
      at: v.picklist(['generic', 'symmetric']),
      types: v.number(),
      rank: v.number(),
      parameters: v.number(),
      smallestEigenvalue: v.number(),
      policy: v.picklist(['tabular', 'loglinear']),
      smallestEigenvalueOfAll: v.number(),
      condition: v.nullable(v.number()),
      eigenvalues: v.array(v.number()),
      standardErrors: v.nullable(
        v.object({ shares: v.array(v.number()), medianReward: v.nullable(v.number()) }),
      ),
      directions: v.array(v.string()),
      open: v.optional(v.array(open)),
      outcomes: v.number(),
      exact: v.boolean(),
      method: v.picklist(['full', 'blocks', 'factored', 'lanczos']),
    }),
  ),
  advice: v.optional(advice),
  collection: v.optional(collection),
});

export async function writeValidation(directory: string, report: ValidationReport): Promise<void> {
  // in the order in which it is read, so that a run that goes on writes the same bytes again
  const ordered = check(shape, report, RUN_FILES.validation);
  await writeAtomic(runFile(directory, 'validation'), toJson(ordered));
}

/**
 * @returns undefined when the run has not validated its dataset yet
 * @throws RunError when validation.json is damaged
 */
export async function readValidation(directory: string): Promise<ValidationReport | undefined> {
  return readChecked(runFile(directory, 'validation'), shape);
}
