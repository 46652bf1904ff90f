// Do 90 % bootstrap intervals hold what was simulated in 90 % of datasets? Two and three linear types over shared
// prompts; shares and regrets of the true rewards on the same prompts are the truth. Each coverage is itself uncertain by
// 2 points in 200 simulations, so that the mean over shares and the mean over regrets decide.
//   node --import tsx test/bench/bootstrap-coverage.ts [simulations = 200] [replicates = 199]
import { canonicalLine } from '../../src/dataset/canonical-line';
import { readText } from '../../src/dataset/read';
import { simulateParametric } from '../../src/dataset/simulate/simulate';
import { regretMatrix } from '../../src/aggregate/regret-matrix';
import { chooseAlternatives, makeModel, rewardByResponse } from '../../src/policy/make-model';
import { listResponses, policyFromReward } from '../../src/policy/response-policy';
import { alignTypes } from '../../src/training/align';
import { bootstrapFits } from '../../src/training/bootstrap';
import { bootstrapInterval } from '../../src/training/bootstrap-interval';
import { expectation } from '../../src/training/e-step';
import type { Mixture } from '../../src/training/em';
import { fitMixture } from '../../src/training/fit';
import { makeProblem } from '../../src/training/problem';

const SIMULATIONS = Number(process.argv[2] ?? 200);
const REPLICATES = Number(process.argv[3] ?? 199);
const LEVEL = 0.9;
const LEAST = 0.85;
const MOST = 0.95;
const BETA = 0.1;
const PRIOR = 0.1;
const POLICY = { kind: 'loglinear', features: 'given', dimensions: 4 } as const;
const SETTINGS = [
  {
    name: '2 types, 300 annotators, 8 rankings of 3',
    shares: [0.6, 0.4],
    weights: [
      [1.5, -1, 0.5, 0],
      [-0.5, 1.2, 0.8, 1],
    ],
    annotators: 300,
    records: 8,
  },
  {
    name: '3 types, 300 annotators, 10 rankings of 3',
    shares: [0.5, 0.3, 0.2],
    weights: [
      [1.5, -1, 0.5, 0],
      [-0.5, 1.2, 0.8, 1],
      [0, -0.8, -1.2, 1.2],
    ],
    annotators: 300,
    records: 10,
  },
];
const em = {
  prior: PRIOR,
  tolerance: 1e-8,
  iterations: 2000,
  breathe: () => Promise.resolve(),
  onIteration: () => undefined,
};

/** By quantity: whether its interval holds the truth. */
async function simulate({ shares, weights, annotators, records }: (typeof SETTINGS)[number], seed: number) {
  const types = weights.map((each, k) => ({ share: shares[k], weights: each }));
  const design = { types, annotators, records, prompts: 20, responses: 3 };
  const simulation = simulateParametric(design, seed);
  const text = Array.from(simulation.records, (record) => canonicalLine(record) + '\n').join('');
  const { table } = await readText(text, { name: 'coverage.jsonl', form: 'canonical' });
  const alternatives = chooseAlternatives(table, POLICY);
  const { of, count } = alternatives;
  const problem = makeProblem(table, of, count, { unranked: 'offered', ties: 'average' });
  const model = makeModel(table, POLICY, alternatives, problem.components);
  const list = listResponses(table);
  const quantities = (mixture: Mixture) => {
    const policies = mixture.utility.map((u) =>
      policyFromReward(list, rewardByResponse(alternatives, u), BETA),
    );
    const { matrix } = regretMatrix(list, policies, []);
    return new Map([
      ...Array.from(mixture.shares, (share, k): [string, number] => [`share ${k + 1}`, share]),
      ...matrix.flatMap((row, i) =>
        row.flatMap((r, j): [string, number][] => (i === j ? [] : [[`regret ${i + 1}, ${j + 1}`, r]])),
      ),
    ]);
  };

  // the truth first: its types give the order that fits are put into
  const theta = weights.map((each) => Float64Array.from(each));
  const utility = theta.map((t) => {
    const u = new Float64Array(count);
    model.rewards(t, u);
    return u;
  });
  const truth: Mixture = { shares: Float64Array.from(shares), theta, utility };
  const gamma = new Float64Array(problem.profiles * shares.length);
  expectation(problem, truth.shares, utility, gamma);

  const options = { ...em, seed, starts: 4 };
  const found = await fitMixture(problem, model, { ...options, types: shares.length });
  const plain = await fitMixture(problem, model, { ...options, types: 1 });
  const fit = { ...found, ...alignTypes(problem, gamma, found) };
  const replicates: Map<string, number>[] = [];
  for await (const { mixture } of bootstrapFits(problem, model, fit, plain, {
    ...em,
    seed,
    replicates: REPLICATES,
  })) {
    replicates.push(quantities(mixture));
  }
  const estimates = quantities(fit.mixture);
  return Array.from(quantities(truth), ([name, value]): [string, boolean] => {
    const values = replicates.map((each) => each.get(name)!);
    const [low, high] = bootstrapInterval(values, estimates.get(name)!, LEVEL);
    return [name, low <= value && value <= high];
  });
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
let outside = 0;
for (const setting of SETTINGS) {
  const held = new Map<string, number>(); // simulations
  for (let seed = 0; seed < SIMULATIONS; seed++) {
    for (const [name, holds] of await simulate(setting, seed)) {
      held.set(name, (held.get(name) ?? 0) + (holds ? 1 : 0));
    }
  }
  console.log(`${setting.name}: ${SIMULATIONS} simulations, ${REPLICATES} replicates each`);
  for (const kind of ['share', 'regret']) {
    const own = [...held].filter(([name]) => name.startsWith(kind));
    for (const [name, count] of own) console.log(`  ${name.padEnd(14)} ${percent(count / SIMULATIONS)}`);
    const mean = own.reduce((sum, [, count]) => sum + count, 0) / (own.length * SIMULATIONS);
    const within = mean >= LEAST && mean <= MOST;
    if (!within) outside++;
    console.log(`  ${`${kind}s, mean`.padEnd(14)} ${percent(mean)}${within ? '' : '  ✗'}`);
  }
}
console.log(
  outside === 0
    ? `90 % intervals hold the truth in ${percent(LEAST)} to ${percent(MOST)} of simulations.`
    : `${outside} of ${2 * SETTINGS.length} mean coverages lie outside ${percent(LEAST)} to ${percent(MOST)}.`,
);
process.exitCode = outside === 0 ? 0 : 1;
