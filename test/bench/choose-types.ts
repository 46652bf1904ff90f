// Does `types: auto` find the number of types? Datasets whose verdict is `sufficient-generic` at the N that makes every
// share ± .05, of 2 or 3 random types; and datasets whose verdict is `necessary-fails`, of which nothing may be said.
//
//   npm run bench -- choose-types --datasets=50
import { context } from '../../src/identify/context';
import { informationAt } from '../../src/identify/information/design-information';
import { designModel } from '../../src/identify/information/model';
import { validateTable } from '../../src/identify/verdicts';
import type { RankingTable } from '../../src/dataset/table';
import { chooseAlternatives, makeModel } from '../../src/policy/make-model';
import type { RewardExperiment } from '../../src/protocol/experiment';
import { random } from '../../src/random';
import { DEFAULTS } from '../../src/run/experiment';
import { fitTypes } from '../../src/run/fit-types';
import { makeProblem } from '../../src/training/problem';
import { simulateItems, tableOf, type MixtureDesign } from '../unit/mixtures';

const option = process.argv.find((argument) => argument.startsWith('--datasets='));
const DATASETS = Number(option?.slice('--datasets='.length) ?? 50);
const TARGET = 0.05;
const PILOT = 300;
const MOST_ANNOTATORS = 3000;
const ITEMS = 5;
const SHARES = { 2: [0.6, 0.4], 3: [0.45, 0.3, 0.25] } as const;

const EXPERIMENT: RewardExperiment = {
  ...DEFAULTS,
  name: 'choose-types',
  dataset: { path: 'simulated', unranked: 'offered', ties: 'average' },
  policy: DEFAULTS.tabular,
  types: 'auto',
  em: { ...DEFAULTS.em, starts: 4, tolerance: 1e-6, iterations: 500 },
};

type Design = Omit<MixtureDesign, 'annotators'>;

/** Types with rewards drawn at random: several records of three or four of five items each. */
function identified(seed: number): Design {
  const source = random(seed, 1);
  const types = source.below(2) === 0 ? 2 : 3;
  const offered = 3 + source.below(2);
  return {
    recordsEach: types === 2 ? 4 : 6,
    offered,
    ranked: offered,
    shares: SHARES[types],
    rewards: Array.from({ length: types }, () => Array.from({ length: ITEMS }, () => 1.3 * source.normal())),
  };
}

/** One ranking of three items by each annotator: too short a one for two types (Zhao, Piech and Xia 2016). */
function unidentified(seed: number): Design {
  const source = random(seed, 2);
  return {
    recordsEach: 1,
    offered: 3,
    ranked: 3,
    shares: SHARES[2],
    rewards: [0, 1].map(() => Array.from({ length: 3 }, () => 1.3 * source.normal())),
  };
}

/** N at which every share is expected to be known to ± TARGET; Infinity where none is enough. */
async function annotatorsFor(design: Design, seed: number): Promise<number> {
  const pilot = await tableOf(simulateItems({ ...design, annotators: PILOT }, seed));
  const utility = design.rewards.map((rewards) => inTableOrder(pilot, rewards));
  const model = designModel(context(pilot, [design.shares.length]));
  const { standardErrors } = informationAt(model, { shares: design.shares, utility }, 'generic');
  return standardErrors ? PILOT * (Math.max(...standardErrors.shares) / TARGET) ** 2 : Infinity;
}

function inTableOrder(table: RankingTable, rewards: readonly number[]): Float64Array {
  return Float64Array.from(
    { length: table.responses.size },
    (_, y) => rewards[Number(table.responses.text(y).slice(5))],
  );
}

async function chosen(design: Design, annotators: number, seed: number) {
  const table = await tableOf(simulateItems({ ...design, annotators }, seed));
  const { verdicts } = validateTable(table, []);
  const alternatives = chooseAlternatives(table, EXPERIMENT.policy);
  const problem = makeProblem(table, alternatives.of, alternatives.count, EXPERIMENT.dataset);
  const model = makeModel(table, EXPERIMENT.policy, alternatives, problem.components);
  const { recommendation } = await fitTypes(
    { problem, model, experiment: { ...EXPERIMENT, seed }, verdicts },
    { signal: new AbortController().signal, emit: () => undefined },
  );
  const verdict = verdicts.find(
    (each) => each.scope === 'finite-mixture' && each.types === design.shares.length,
  )?.verdict;
  return { recommendation: recommendation!, verdict };
}

let right = 0;
let tried = 0;
for (let seed = 1; tried < DATASETS; seed++) {
  const design = identified(seed);
  const needed = await annotatorsFor(design, seed);
  if (needed > MOST_ANNOTATORS) continue;
  const annotators = Math.max(200, Math.ceil(needed));
  const { recommendation, verdict } = await chosen(design, annotators, seed);
  if (verdict !== 'sufficient-generic') continue;
  tried++;
  const good = recommendation.types === design.shares.length;
  if (good) right++;
  console.log(
    `${good ? '✓' : '✗'} seed ${seed}: ${design.shares.length} types, ${annotators} annotators × ${design.recordsEach} rankings of ${design.offered}: recommends ${recommendation.types} (best ${recommendation.best})`,
  );
}
let silent = 0;
for (let seed = 1; seed <= DATASETS; seed++) {
  const { recommendation, verdict } = await chosen(unidentified(seed), 400, seed);
  if (verdict !== 'necessary-fails') throw new Error('The design was to fail.');
  if (!recommendation.canTell) silent++;
  else console.log(`✗ seed ${seed}: recommends ${recommendation.types} where nothing can be told`);
}
console.log(
  `\nsufficient-generic, every share ± ${TARGET}: the true number recommended for ${right} of ${tried}`,
);
console.log(`necessary-fails: “cannot tell” for ${silent} of ${DATASETS}`);
process.exitCode = right >= 0.9 * tried && silent >= 0.9 * DATASETS ? 0 : 1;
