import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CanonicalRecord } from '../../src/dataset/canonical-line';
import { designPatterns } from '../../src/identify/information/design-patterns';
import { fisherInformation } from '../../src/identify/information/fisher';
import { spectrum } from '../../src/identify/information/spectrum';
import { givenFeatures } from '../../src/policy/features';
import { loglinear } from '../../src/policy/loglinear';
import { tableOf } from '../unit/mixtures';

/** Points of the reference table; d = 2. */
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

/** Rank and smallest eigenvalue per annotator, by format and point: an independent program with finite differences. */
const REFERENCE: Readonly<Record<string, readonly (readonly [rank: number, smallest?: number])[]>> = {
  '1 pair': [[3, 0], [5, 3.2e-3], [8, 9.8e-5], [2]],
  'best of 3': [[5, 6.3e-3], [5, 5e-3], [8, 1.8e-3], [2]],
  'ranking of 3': [[5, 4.1e-2], [5, 3e-2], [8, 9.3e-3], [2]],
  '2 pairs': [[5, 1.4e-2], [5, 1.2e-2], [8, 3.3e-3], [2]],
  '3 pairs': [[5, 4.2e-2], [5, 3.4e-2], [8, 1.1e-2], [2]],
  '8 pairs': [[5, 0.4], [5, 0.29], [8, 0.13], [2]],
};

interface Golden {
  readonly formats: { readonly name: string; readonly designs: readonly number[][][][] }[];
}

export interface Row {
  readonly format: string;
  readonly point: string;
  readonly rank: number;
  readonly parameters: number;
  readonly smallest: number;
  readonly exact: boolean;
  readonly referenceRank: number;
  readonly referenceSmallest?: number;
}

/** The reference table, computed on the very designs it was made from (test/golden/fisher_designs.py). */
export async function fisherTable(): Promise<Row[]> {
  const file = path.resolve(import.meta.dirname, '../golden/fisher-designs.json');
  const { formats } = JSON.parse(readFileSync(file, 'utf8')) as Golden;
  const rows: Row[] = [];
  for (const { name, designs } of formats) {
    const table = await tableOf(recordsOf(designs, name === 'best of 3'));
    const model = loglinear(givenFeatures(table));
    const design = designPatterns(
      table,
      Int32Array.from({ length: table.responses.size }, (_, y) => y),
    );
    POINTS.forEach(({ name: point, shares, weights }, i) => {
      const utility = weights.map((theta) => {
        const u = new Float64Array(table.responses.size);
        model.rewards(Float64Array.from(theta), u);
        return u;
      });
      const information = fisherInformation(design, model, { shares, utility }, { seed: 1, budget: 1e12 });
      const { rank, parameters, smallest } = spectrum(information, []);
      const [referenceRank, referenceSmallest] = REFERENCE[name][i];
      rows.push({
        format: name,
        point,
        rank,
        parameters,
        smallest,
        exact: information.exact,
        referenceRank,
        referenceSmallest,
      });
    });
  }
  return rows;
}

/** One annotator a design, one prompt a record. */
function* recordsOf(designs: readonly number[][][][], favouriteOnly: boolean): Generator<CanonicalRecord> {
  for (const [h, records] of designs.entries()) {
    for (const [t, features] of records.entries()) {
      yield {
        annotator: `a${h}`,
        prompt: `${h}/${t}`,
        responses: features.map((_, i) => `response ${i}`),
        ranking: favouriteOnly ? [0] : features.map((_, i) => i),
        features,
      };
    }
  }
}
