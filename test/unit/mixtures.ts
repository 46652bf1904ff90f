import { readText } from '../../src/dataset/read';
import type { RankingTable } from '../../src/dataset/table';
import { canonicalLine, type CanonicalRecord } from '../../src/dataset/canonical-line';
import { random } from '../../src/random';

/** Reads records as the canonical reader would, and insists that nothing was wrong with them. */
export async function tableOf(records: Iterable<CanonicalRecord>): Promise<RankingTable> {
  const text = Array.from(records, (record) => canonicalLine(record) + '\n').join('');
  const { table, findings } = await readText(text, { name: 'test.jsonl', form: 'canonical' });
  if (findings.some((finding) => finding.severity === 'error')) throw new Error(findings[0].message);
  return table;
}

export interface MixtureDesign {
  readonly annotators: number;
  readonly recordsEach: number;
  /** Alternatives offered in a record. */
  readonly offered: number;
  /** Ranked ones among them. */
  readonly ranked: number;
  readonly shares: readonly number[];
  /** Reward of each item by type. */
  readonly rewards: readonly (readonly number[])[];
}

/** Plackett–Luce rankings of items by annotators of several types, who carry their type as the known one. */
export function simulateItems(design: MixtureDesign, seed: number): CanonicalRecord[] {
  const source = random(seed);
  const items = design.rewards[0].map((_, i) => i);
  const records: CanonicalRecord[] = [];
  for (let h = 0; h < design.annotators; h++) {
    const k = source.choice(design.shares);
    for (let t = 0; t < design.recordsEach; t++) {
      const offered = source.shuffle(items.slice()).slice(0, design.offered);
      const order = offered
        .map((item, i) => ({ i, u: design.rewards[k][item] + source.gumbel() }))
        .sort((a, b) => b.u - a.u)
        .map(({ i }) => i);
      records.push({
        annotator: `a${h}`,
        prompt: 'Which is best?',
        responses: offered.map((item) => `item ${item}`),
        ranking: order.slice(0, design.ranked),
        type: `t${k}`,
      });
    }
  }
  return records;
}
