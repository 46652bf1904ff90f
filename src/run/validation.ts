import * as v from 'valibot';
import type { ValidationReport } from '../protocol/validation';
import { writeAtomic } from './atomic';
import { readChecked, toJson } from './checked';
import type { Shape } from './checked';
import { runFile } from './run-files';

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
      outcomes: v.number(),
      exact: v.boolean(),
      method: v.picklist(['full', 'factored', 'lanczos']),
    }),
  ),
});

export async function writeValidation(directory: string, report: ValidationReport): Promise<void> {
  await writeAtomic(runFile(directory, 'validation'), toJson(report));
}

/**
 * @returns undefined when the run has not validated its dataset yet
 * @throws RunError when validation.json is damaged
 */
export async function readValidation(directory: string): Promise<ValidationReport | undefined> {
  return readChecked(runFile(directory, 'validation'), shape);
}
