// EM on linear Plackett–Luce mixtures where the truth is known: accuracy and error of the coefficients by format,
// beside the ideal classifier, which knows shares and coefficients. Two types, d = 4, 1,500 annotators, 5 seeds.
import { canonicalLine } from '../../src/dataset/canonical-line';
import { readText } from '../../src/dataset/read';
import type { RecordFormat } from '../../src/dataset/simulate/population';
import { simulateParametric } from '../../src/dataset/simulate/simulate';
import { chooseAlternatives, makeModel } from '../../src/policy/make-model';
import { fitMixture } from '../../src/training/fit';
import { knownTypeAgreement } from '../../src/training/known-types';
import { hardLabels } from '../../src/training/labels';
import { makeProblem } from '../../src/training/problem';

const POINTS = [
  {
    name: '±b, shares .5/.5',
    weights: [
      [1.5, -1, 0.5, 0],
      [-1.5, 1, -0.5, 0],
    ],
    shares: [0.5, 0.5],
  },
  {
    name: 'generic, .6/.4',
    weights: [
      [1.5, -1, 0.5, 0],
      [-0.5, 1.2, 0.8, 1],
    ],
    shares: [0.6, 0.4],
  },
];

/** Reference: accuracy and median relative error of the coefficients at each point (independent numpy program). */
const FORMATS: {
  name: string;
  format: RecordFormat;
  responses: number;
  records: number;
  reference: [number, number][];
}[] = [
  {
    name: '1 pair',
    format: { format: 'pair', share: 1 },
    responses: 2,
    records: 1,
    reference: [
      [0.6, 1.03],
      [0.77, 0.3],
    ],
  },
  {
    name: 'best of 3',
    format: { format: 'best-of', of: 3, share: 1 },
    responses: 3,
    records: 1,
    reference: [
      [0.88, 0.15],
      [0.83, 0.14],
    ],
  },
  {
    name: 'ranking of 3',
    format: { format: 'ranking', share: 1 },
    responses: 3,
    records: 1,
    reference: [
      [0.92, 0.07],
      [0.87, 0.08],
    ],
  },
  {
    name: '3 pairs',
    format: { format: 'pair', share: 1 },
    responses: 2,
    records: 3,
    reference: [
      [0.94, 0.07],
      [0.9, 0.09],
    ],
  },
  {
    name: '10 pairs',
    format: { format: 'pair', share: 1 },
    responses: 2,
    records: 10,
    reference: [
      [1, 0.03],
      [0.99, 0.03],
    ],
  },
];
const SEEDS = [0, 1, 2, 3, 4];
const TOLERATED = 0.04;
const POLICY = { kind: 'loglinear', features: 'given', dimensions: 4 } as const;

async function trial(point: (typeof POINTS)[number], format: (typeof FORMATS)[number], seed: number) {
  const { records, truth } = simulateParametric(
    {
      types: point.weights.map((weights, k) => ({ share: point.shares[k], weights })),
      prompts: 'fresh',
      responses: format.responses,
      annotators: 1500,
      records: format.records,
      formats: [format.format],
    },
    seed,
  );
  const text = Array.from(records, (record) => canonicalLine(record) + '\n').join('');
  const { table } = await readText(text, { name: 'control.jsonl', form: 'canonical' });
  const alternatives = chooseAlternatives(table, POLICY);
  const problem = makeProblem(table, alternatives.of, alternatives.count, {
    unranked: 'offered',
    ties: 'average',
  });
  const fit = await fitMixture(problem, makeModel(table, POLICY, alternatives, problem.components), {
    types: 2,
    starts: 4,
    seed,
    prior: 1e-3,
    tolerance: 1e-7,
    iterations: 2000,
    breathe: () => Promise.resolve(),
    onIteration: () => {},
  });
  const labels = hardLabels(fit.gamma, 2);
  const found = problem.profileOf.map((p) => labels[p]);
  const names = Array.from({ length: table.knownTypes.size }, (_, t) => table.knownTypes.text(t));
  const agreement = knownTypeAgreement(table.knownType, found, names, 2);
  const errorOf = (order: number[]) =>
    Math.hypot(...order.flatMap((k, i) => point.weights[i].map((b, j) => b - fit.mixture.theta[k][j]))) /
    Math.hypot(...point.weights.flat());
  return {
    accuracy: agreement?.accuracy ?? NaN,
    ideal: truth.idealAccuracy,
    error: Math.min(errorOf([0, 1]), errorOf([1, 0])),
  };
}

const mean = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

console.log('per annotator   point              accuracy (reference)   ideal   error (reference)');
let outside = 0;
for (const format of FORMATS) {
  for (const [i, point] of POINTS.entries()) {
    const trials = [];
    for (const seed of SEEDS) trials.push(await trial(point, format, seed));
    const accuracy = mean(trials.map((t) => t.accuracy));
    const [expected, expectedError] = format.reference[i];
    const within = Math.abs(accuracy - expected) <= TOLERATED;
    if (!within) outside++;
    console.log(
      `${format.name.padEnd(15)} ${point.name.padEnd(18)} ${accuracy.toFixed(3)} (${expected.toFixed(2)})${within ? '  ' : ' ✗'}` +
        `          ${mean(trials.map((t) => t.ideal)).toFixed(3)}   ${median(trials.map((t) => t.error)).toFixed(2)} (${expectedError.toFixed(2)})`,
    );
  }
}
console.log(
  `${outside === 0 ? 'All' : `${10 - outside} of 10`} accuracies are within ±${TOLERATED} of the reference.`,
);
process.exitCode = outside === 0 ? 0 : 1;
