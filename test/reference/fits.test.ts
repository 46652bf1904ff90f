import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { readDataset } from '../../src/dataset/read';
import type { RankingTable } from '../../src/dataset/table';
import type { TieTreatment } from '../../src/protocol/experiment';
import { chooseAlternatives, makeModel } from '../../src/policy/make-model';
import { bic, mixtureParameters } from '../../src/training/criteria';
import { fitMixture, type MixtureFit } from '../../src/training/fit';
import { makeProblem } from '../../src/training/problem';
import { mixtureLogLikelihood } from './independent-likelihood';

const DATA = path.resolve(import.meta.dirname, '../../../shared/data');
const ABSENT = '../shared/data is absent';

/** Maximum-likelihood log-likelihoods of PLMIX 2.2.0, psychomix, and a fit of our own for LLMFAO. */
const FITS: { file: string; ties: TieTreatment; starts: number; reference: number[]; bic?: number[] }[] = [
  { file: 'd_german.soc', ties: 'average', starts: 20, reference: [-6957.623, -6775.088, -6548.289] },
  { file: 'd_carconf.soi', ties: 'average', starts: 4, reference: [-2639.182, -2622.943, -2615.55] },
  { file: 'd_rice.soi', ties: 'average', starts: 8, reference: [-1085.038, -1053.386, -1040.403] },
  {
    file: 'german_parties_2009.jsonl',
    ties: 'average',
    starts: 8,
    reference: [-1716.807, -1410.945, -1350.13],
  },
  {
    file: 'llmfao-crowd-comparisons.csv',
    ties: 'drop',
    starts: 20,
    reference: [-3077.5, -2736.34, -2591.16],
    bic: [6434.6, 6036.7, 6030.7],
  },
];

async function fit(table: RankingTable, ties: TieTreatment, types: number, starts: number, seed: number) {
  const policy = { kind: 'tabular', over: 'auto' } as const;
  const alternatives = chooseAlternatives(table, policy);
  const problem = makeProblem(table, alternatives.of, alternatives.count, { unranked: table.unranked, ties });
  const model = makeModel(table, policy, alternatives, problem.components);
  const result = await fitMixture(problem, model, {
    types,
    starts,
    seed,
    prior: 0,
    tolerance: 1e-9,
    iterations: 5000,
    breathe: () => Promise.resolve(),
    onIteration: () => {},
  });
  return { alternatives, problem, model, result };
}

/** The likelihood of a fit, evaluated again without the project's kernels, E-step or collapsing of equal records. */
function again(
  table: RankingTable,
  ties: TieTreatment,
  alternativeOf: Int32Array,
  { mixture }: MixtureFit,
): number {
  return mixtureLogLikelihood(table, ties, alternativeOf, Array.from(mixture.shares), mixture.utility);
}

for (const { file, ties, starts, reference, bic: bics } of FITS) {
  test(`${file}: 1, 2 and 3 types reach the reference log-likelihood`, async (t) => {
    if (!existsSync(path.join(DATA, file))) {
      t.skip(ABSENT);
      return;
    }
    const { table } = await readDataset(path.join(DATA, file));
    for (const [i, expected] of reference.entries()) {
      const { alternatives, problem, model, result } = await fit(table, ties, i + 1, starts, 1);
      assert.ok(result.logLikelihood >= expected - 0.02, `${i + 1} types: ${result.logLikelihood}`);
      const independent = again(table, ties, alternatives.of, result);
      assert.ok(
        Math.abs(independent - result.logLikelihood) < 1e-6,
        `evaluated independently: ${independent}`,
      );
      if (bics) {
        const value = bic(
          result.logLikelihood,
          mixtureParameters(i + 1, model.freeParameters),
          problem.annotators,
        );
        assert.ok(value <= bics[i] + 0.05 && value > bics[i] - 1, `BIC ${value}`);
      }
    }
  });
}

for (const [types, expected] of [
  [2, -6775.088],
  [3, -6548.289],
] as const) {
  test(`d_german: 20 starts reach the optimum of ${types} types in at least nine of ten seeds`, async (t) => {
    if (!existsSync(path.join(DATA, 'd_german.soc'))) {
      t.skip(ABSENT);
      return;
    }
    const { table } = await readDataset(path.join(DATA, 'd_german.soc'));
    let reached = 0;
    for (let seed = 1; seed <= 10; seed++) {
      const { result } = await fit(table, 'average', types, 20, seed);
      if (result.logLikelihood >= expected - 0.02) reached++;
    }
    assert.ok(reached >= 9, `${reached} of 10`);
  });
}
