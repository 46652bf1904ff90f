// Fisher information per annotator of linear Plackett–Luce mixtures (d = 2, standard normal features), by analytic
// scores over every outcome: rank and smallest eigenvalue beside an independent program that uses differences.
import { canonicalLine } from '../../src/dataset/canonical-line';
import { readText } from '../../src/dataset/read';
import type { RecordFormat } from '../../src/dataset/simulate/population';
import { simulateParametric } from '../../src/dataset/simulate/simulate';
import { designPatterns } from '../../src/identify/information/design-patterns';
import { fisherInformation } from '../../src/identify/information/fisher';
import { spectrum } from '../../src/identify/information/spectrum';
import { givenFeatures } from '../../src/policy/features';
import { loglinear } from '../../src/policy/loglinear';

const POINTS = [
  {
    name: 'symmetric K=2',
    shares: [0.5, 0.5],
    weights: [
      [1, 0.5],
      [-1, -0.5],
    ],
  },
  {
    name: 'generic K=2',
    shares: [0.4, 0.6],
    weights: [
      [1, 0.5],
      [-0.8, 0.9],
    ],
  },
  {
    name: 'generic K=3',
    shares: [0.4, 0.35, 0.25],
    weights: [
      [1.5, 0.5],
      [-0.8, 1.2],
      [0.3, -1.4],
    ],
  },
  {
    name: 'equal types',
    shares: [0.4, 0.6],
    weights: [
      [1, 0.5],
      [1, 0.5],
    ],
  },
];

/** Rank and smallest eigenvalue per annotator at each point. */
const FORMATS: {
  name: string;
  format: RecordFormat;
  responses: number;
  records: number;
  reference: [number, number?][];
}[] = [
  {
    name: '1 pair',
    format: { format: 'pair', share: 1 },
    responses: 2,
    records: 1,
    reference: [[3, 0], [5, 3.2e-3], [8, 9.8e-5], [2]],
  },
  {
    name: 'best of 3',
    format: { format: 'best-of', of: 3, share: 1 },
    responses: 3,
    records: 1,
    reference: [[5, 6.3e-3], [5, 5e-3], [8, 1.8e-3], [2]],
  },
  {
    name: 'ranking of 3',
    format: { format: 'ranking', share: 1 },
    responses: 3,
    records: 1,
    reference: [[5, 4.1e-2], [5, 3e-2], [8, 9.3e-3], [2]],
  },
  {
    name: '2 pairs',
    format: { format: 'pair', share: 1 },
    responses: 2,
    records: 2,
    reference: [[5, 1.4e-2], [5, 1.2e-2], [8, 3.3e-3], [2]],
  },
  {
    name: '3 pairs',
    format: { format: 'pair', share: 1 },
    responses: 2,
    records: 3,
    reference: [[5, 4.2e-2], [5, 3.4e-2], [8, 1.1e-2], [2]],
  },
  {
    name: '8 pairs',
    format: { format: 'pair', share: 1 },
    responses: 2,
    records: 8,
    reference: [[5, 0.4], [5, 0.29], [8, 0.13], [2]],
  },
];
const DESIGNS = 4000;

console.log('per annotator  point          rank (reference)  smallest eigenvalue (reference)');
let outside = 0;
for (const format of FORMATS) {
  const { records } = simulateParametric(
    {
      types: [{ share: 1, weights: [0, 0] }],
      prompts: 'fresh',
      responses: format.responses,
      annotators: DESIGNS,
      records: format.records,
      formats: [format.format],
    },
    1,
  );
  const text = Array.from(records, (record) => canonicalLine(record) + '\n').join('');
  const { table } = await readText(text, { name: 'control.jsonl', form: 'canonical' });
  const model = loglinear(givenFeatures(table));
  const design = designPatterns(
    table,
    Int32Array.from({ length: table.responses.size }, (_, y) => y),
  );
  POINTS.forEach((point, i) => {
    const utility = point.weights.map((theta) => {
      const u = new Float64Array(table.responses.size);
      model.rewards(Float64Array.from(theta), u);
      return u;
    });
    const information = fisherInformation(
      design,
      model,
      { shares: point.shares, utility },
      { seed: 1, budget: 1e10 },
    );
    const { rank, eigenvalues, smallest } = spectrum(information, []);
    const [expectedRank, expected] = format.reference[i];
    const close = expected === undefined || expected === 0 || Math.abs(smallest / expected - 1) <= 0.15;
    const ok = rank === expectedRank && close && information.exact;
    if (!ok) outside++;
    console.log(
      `${format.name.padEnd(14)} ${point.name.padEnd(14)} ${rank}/${eigenvalues.length} (${expectedRank})            ` +
        `${smallest.toExponential(1)} ${expected === undefined ? '' : `(${expected.toExponential(1)})`}${ok ? '' : ' ✗'}`,
    );
  });
}
console.log(outside === 0 ? 'All as in the reference.' : `${outside} differ.`);
process.exitCode = outside === 0 ? 0 : 1;
