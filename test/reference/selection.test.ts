import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { readDataset } from '../../src/dataset/read';
import { validateTable } from '../../src/identify/verdicts';
import { chooseAlternatives, makeModel } from '../../src/policy/make-model';
import type { TieTreatment, TypesChoice } from '../../src/protocol/experiment';
import { DEFAULTS } from '../../src/run/experiment';
import { fitTypes } from '../../src/run/fit-types';
import { makeProblem } from '../../src/training/problem';

const DATA = path.resolve(import.meta.dirname, '../../../shared/data');

/** As `emdpo train FILE --types … --prior 0` chooses, with fewer starts and parts. */
const TABLES: {
  file: string;
  types: TypesChoice;
  ties: TieTreatment;
  starts: number;
  folds: number;
  logLikelihood: number[];
  bic: number[];
}[] = [
  {
    file: 'german_parties_2009.jsonl',
    types: 'auto',
    ties: 'average',
    starts: 8,
    folds: 5,
    logLikelihood: [-1716.807, -1410.945, -1350.13],
    // −2LL + (5K + K − 1) ln 192
    bic: [3459.901, 2879.722, 2789.637],
  },
  {
    file: 'llmfao-crowd-comparisons.csv',
    types: [1, 2, 3],
    ties: 'drop',
    starts: 12,
    folds: 2,
    logLikelihood: [-3077.5, -2736.34, -2591.16],
    bic: [6434.6, 6036.7, 6030.7],
  },
];

for (const { file, types, ties, starts, folds, ...reference } of TABLES) {
  test(`${file}: the table of numbers of types holds the reference log-likelihoods and BIC`, async (t) => {
    if (!existsSync(path.join(DATA, file))) {
      t.skip('../shared/data is absent');
      return;
    }
    const { table } = await readDataset(path.join(DATA, file));
    const alternatives = chooseAlternatives(table, DEFAULTS.tabular);
    const treatment = { unranked: table.unranked, ties };
    const problem = makeProblem(table, alternatives.of, alternatives.count, treatment);
    const model = makeModel(table, DEFAULTS.tabular, alternatives, problem.components);
    const experiment = {
      types,
      seed: 1,
      em: { ...DEFAULTS.em, starts, prior: 0 },
      evaluate: { ...DEFAULTS.evaluate, folds },
    };
    const { selection, recommendation } = await fitTypes(
      { problem, model, experiment, verdicts: validateTable(table, []).verdicts },
      { signal: new AbortController().signal, emit: () => undefined },
    );
    for (const [i, expected] of reference.logLikelihood.entries()) {
      const row = selection[i];
      assert.equal(row.types, i + 1);
      assert.ok(Math.abs(row.logLikelihood - expected) < 0.02, `${i + 1} types: ${row.logLikelihood}`);
      assert.ok(Math.abs(row.bic! - reference.bic[i]) < 0.06, `BIC of ${i + 1} types: ${row.bic}`);
      assert.ok(row.heldOut! < row.logLikelihood && row.heldOutStandardError! > 0);
    }
    assert.ok(recommendation!.canTell && recommendation!.types > 1);
  });
}
