// Do verdicts predict whether EM recovers the types? For each design (format × records each × K × symmetric or not) as
// many annotators are simulated as make the expected standard error of every share .05; EM is compared with the ideal
// classifier, which knows shares and rewards.
import { context } from '../../src/identify/context';
import { informationAt } from '../../src/identify/information/design-information';
import { designModel } from '../../src/identify/information/model';
import { validateTable } from '../../src/identify/verdicts';
import type { RankingTable } from '../../src/dataset/table';
import { chooseAlternatives, makeModel } from '../../src/policy/make-model';
import type { Verdict } from '../../src/protocol/finding';
import { expectation } from '../../src/training/e-step';
import { fitMixture } from '../../src/training/fit';
import { knownTypeAgreement } from '../../src/training/known-types';
import { hardLabels } from '../../src/training/labels';
import { makeProblem, type Problem } from '../../src/training/problem';
import { simulateItems, tableOf } from '../unit/mixtures';

const FORMATS = [
  { name: 'pair', offered: 2, ranked: 2 },
  { name: 'best of 3', offered: 3, ranked: 1 },
  { name: 'ranking of 3', offered: 3, ranked: 3 },
  { name: 'best of 4', offered: 4, ranked: 1 },
  { name: 'ranking of 4', offered: 4, ranked: 4 },
];
const RECORDS = [1, 3, 5, 8];
const TYPES = [2, 3];
const TARGET = 0.05;
const PILOT = 300;
const MOST_ANNOTATORS = 3000;
const RECOVERED = 0.95;
const POLICY = { kind: 'tabular', over: 'auto' } as const;

const B = [1.6, 0.7, 0, -0.8, -1.5];
const POINTS = {
  symmetric: { 2: [B, B.map((b) => -b)], 3: [B, B.map((b) => -b), [-0.6, 1.4, 1.1, -1.3, -0.6]] },
  generic: {
    2: [B, [-0.9, 1.2, -1.4, 0.9, 0.2]],
    3: [B, [-0.9, 1.2, -1.4, 0.9, 0.2], [-0.4, -1.2, 1.5, 1.0, -0.9]],
  },
} as const;
const SHARES = {
  symmetric: { 2: [0.5, 0.5], 3: [1 / 3, 1 / 3, 1 / 3] },
  generic: { 2: [0.6, 0.4], 3: [0.45, 0.3, 0.25] },
};

interface Outcome {
  readonly name: string;
  readonly point: 'symmetric' | 'generic';
  readonly verdict: Verdict;
  /** Of the nonparametric scope: what fails for single pairs. */
  readonly nonparametric: Verdict;
  readonly annotators: number;
  readonly enough: boolean;
  readonly ratio: number;
}

function problemOf(table: RankingTable) {
  const alternatives = chooseAlternatives(table, POLICY);
  const problem = makeProblem(table, alternatives.of, alternatives.count, {
    unranked: 'offered',
    ties: 'average',
  });
  return { problem, model: makeModel(table, POLICY, alternatives, problem.components) };
}

/** Rewards of the items in the order in which the table numbers them. */
function inTableOrder(table: RankingTable, rewards: readonly number[]): Float64Array {
  return Float64Array.from(
    { length: table.responses.size },
    (_, y) => rewards[Number(table.responses.text(y).slice(5))],
  );
}

function accuracy(table: RankingTable, problem: Problem, gamma: Float64Array, types: number): number {
  const labels = hardLabels(gamma, types);
  const names = Array.from({ length: table.knownTypes.size }, (_, t) => table.knownTypes.text(t));
  const found = problem.profileOf.map((p) => labels[p]);
  return knownTypeAgreement(table.knownType, found, names, types)?.accuracy ?? NaN;
}

async function trial(
  format: (typeof FORMATS)[number],
  records: number,
  types: 2 | 3,
  point: 'symmetric' | 'generic',
): Promise<Outcome> {
  const shares = SHARES[point][types];
  const rewards = POINTS[point][types];
  const design = { recordsEach: records, offered: format.offered, ranked: format.ranked, shares, rewards };
  const pilot = await tableOf(simulateItems({ ...design, annotators: PILOT }, 1));
  const utility = rewards.map((r) => inTableOrder(pilot, r));
  const { standardErrors } = informationAt(
    designModel(context(pilot, [types])),
    { shares, utility },
    'generic',
  );
  const needed = standardErrors ? PILOT * (Math.max(...standardErrors.shares) / TARGET) ** 2 : Infinity;
  const annotators = Math.max(200, Math.min(MOST_ANNOTATORS, Math.ceil(needed)));

  const table = await tableOf(simulateItems({ ...design, annotators }, 2));
  const { verdicts } = validateTable(table, [], { types });
  const { problem, model } = problemOf(table);
  const fit = await fitMixture(problem, model, {
    types,
    starts: 8,
    seed: 1,
    prior: 0.1,
    tolerance: 1e-8,
    iterations: 1000,
    breathe: () => Promise.resolve(),
    onIteration: () => {},
  });
  const ideal = new Float64Array(problem.profiles * types);
  expectation(
    problem,
    Float64Array.from(shares),
    rewards.map((r) => inTableOrder(table, r)),
    ideal,
  );
  const verdictOf = (scope: string) => verdicts.find((v) => v.scope === scope)?.verdict ?? 'unknown';
  return {
    name: `${records} × ${format.name}, K=${types}, ${point}`,
    point,
    verdict: verdictOf('finite-mixture'),
    nonparametric: verdictOf('nonparametric'),
    annotators,
    enough: needed <= MOST_ANNOTATORS,
    ratio: accuracy(table, problem, fit.gamma, types) / accuracy(table, problem, ideal, types),
  };
}

const outcomes: Outcome[] = [];
console.log('design                                    N  finite mixture      EM / ideal accuracy');
for (const format of FORMATS) {
  for (const records of RECORDS) {
    for (const types of TYPES as (2 | 3)[]) {
      for (const point of ['symmetric', 'generic'] as const) {
        const outcome = await trial(format, records, types, point);
        outcomes.push(outcome);
        console.log(
          `${outcome.name.padEnd(38)} ${String(outcome.annotators).padStart(4)}  ${outcome.verdict.padEnd(18)}  ` +
            `${outcome.ratio.toFixed(3)}${outcome.enough ? '' : ' (N too small for ±.05)'}`,
        );
      }
    }
  }
}

console.log(`\n${outcomes.length} designs. Finite mixture, at the N that makes every share ±.05:`);
console.log('verdict              recovered  not recovered  N too small');
for (const verdict of ['sufficient-generic', 'unknown', 'necessary-fails'] as const) {
  const own = outcomes.filter((o) => o.verdict === verdict);
  const tested = own.filter((o) => o.enough);
  const yes = tested.filter((o) => o.ratio >= RECOVERED).length;
  console.log(
    `${verdict.padEnd(20)} ${String(yes).padStart(9)} ${String(tested.length - yes).padStart(14)} ${String(own.length - tested.length).padStart(12)}`,
  );
}
const wrongYes = outcomes.filter(
  (o) => o.enough && o.verdict === 'sufficient-generic' && o.ratio < RECOVERED,
);
const wrongNo = outcomes.filter(
  (o) => o.point === 'symmetric' && o.nonparametric === 'necessary-fails' && o.ratio >= RECOVERED,
);
for (const o of wrongYes)
  console.log(`✗ sufficient-generic but not recovered: ${o.name} (${o.ratio.toFixed(3)})`);
for (const o of wrongNo)
  console.log(`✗ fails but recovered where it fails: ${o.name} (${o.ratio.toFixed(3)})`);
if (wrongYes.length + wrongNo.length === 0) console.log('No verdict is contradicted.');
process.exitCode = wrongYes.length + wrongNo.length === 0 ? 0 : 1;
