import type { CanonicalRecord } from '../../src/dataset/canonical-line';
import { canonicalLine } from '../../src/dataset/canonical-line';
import { readText } from '../../src/dataset/read';
import type { RankingTable } from '../../src/dataset/table';
import { dataFindings } from '../../src/identify/data/rules';
import type { Finding } from '../../src/protocol/finding';
import { random } from '../../src/random';

export async function tableOf(records: Iterable<CanonicalRecord>): Promise<RankingTable> {
  const lines = Array.from(records, canonicalLine);
  return (await readText(lines.join('\n'), { name: 'x.jsonl' })).table;
}

/** The findings of these records, of one code if asked. */
export async function findingsOf(records: Iterable<CanonicalRecord>, code?: string): Promise<Finding[]> {
  const findings = dataFindings(await tableOf(records));
  return findings.filter((finding) => code === undefined || finding.code === `data/${code}`);
}

/** "a" over "b" by an annotator, shown in this order unless said otherwise. */
export function prefers(
  annotator: string,
  better: string,
  worse: string,
  more: Partial<CanonicalRecord> & { readonly shownSecond?: boolean } = {},
): CanonicalRecord {
  const { shownSecond = false, ...fields } = more;
  return {
    annotator,
    prompt: 'p',
    responses: shownSecond ? [worse, better] : [better, worse],
    ranking: [shownSecond ? 1 : 0],
    ...fields,
  };
}

export interface Voting {
  readonly annotators: number;
  readonly records: number;
  readonly seed: number;
  /** Size of each choice set. */
  readonly options?: number;
  readonly prompts?: number;
  /** Chance that annotator h takes the response shown first, instead of judging. */
  readonly lazy?: (h: number) => number;
  /** Chance that annotator h ties all. */
  readonly tie?: (h: number) => number;
  /** How the order shown comes about. */
  readonly order?: 'record' | 'choice-set' | 'fixed';
}

/** Votes for the best of some responses, of which those with small numbers are better. */
export function votes({
  annotators,
  records,
  seed,
  options = 2,
  prompts = 40,
  lazy = () => 0,
  tie = () => 0,
  order = 'record',
}: Voting): CanonicalRecord[] {
  const draw = random(seed);
  const made: CanonicalRecord[] = [];
  for (let h = 0; h < annotators; h++) {
    const deck = draw.shuffle(Array.from({ length: prompts }, (_, x) => x));
    for (let i = 0; i < records; i++) {
      const x = deck[i % prompts];
      const numbers = Array.from({ length: options }, (_, y) => y);
      const shown = {
        record: () => draw.shuffle([...numbers]),
        'choice-set': () => random(x, 99).shuffle([...numbers]),
        fixed: () => numbers,
      }[order]();
      const utility = numbers.map((y) => -y + draw.gumbel());
      const judged = shown.reduce((best, y, at) => (utility[y] > utility[shown[best]] ? at : best), 0);
      const best = draw.uniform() < lazy(h) ? 0 : judged;
      const tied = draw.uniform() < tie(h);
      made.push({
        annotator: `annotator ${h}`,
        prompt: `prompt ${x}`,
        responses: shown.map((y) => `response ${y} to ${x}`),
        ranking: tied ? [numbers] : [best],
      });
    }
  }
  return made;
}
