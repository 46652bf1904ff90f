import type { RankingTable } from '../../dataset/table';
import { rankingPairs, type TrlPair } from '../../dataset/write-trl';
import { random } from '../../random';

export interface TrlOptions {
  /** `weight`: every pair, its weight γ in a column. `resample`: each ranking is kept with probability γ, whole. */
  readonly by: 'weight' | 'resample';
  readonly seed: number;
  /** Number of the type, 0-based: types draw independently. */
  readonly type: number;
  /** What to call an annotator; by their own name when absent. */
  readonly nameOf?: (annotator: string) => string;
}

export interface TrlCount {
  pairs: number;
  rankings: number;
  /** Rankings without a pair: ties only. */
  tied: number;
  /** Rankings that the run left out. */
  withoutPosterior: number;
  /** Rankings that resampling left out. */
  notDrawn: number;
}

/**
 * The dataset that one type's policy is trained on, as TRL takes it, counting into `count` what went where. The pairs of
 * a ranking share the ranking's weight, so that it counts once however many responses it has.
 *
 * @param gamma γ of the type by record of the table; NaN where the run has none
 */
export function* trlLines(
  table: RankingTable,
  gamma: Float64Array,
  options: TrlOptions,
  count: TrlCount,
): Generator<string> {
  const { nameOf = (name: string) => name } = options;
  const source = random(options.seed, 0x7121, options.type);
  for (const { record, pairs } of rankingPairs(table)) {
    const annotator = table.annotator[record];
    const share = gamma[record];
    if (Number.isNaN(share)) count.withoutPosterior++;
    else if (pairs.length === 0) count.tied++;
    else if (options.by === 'resample' && source.uniform() >= share) count.notDrawn++;
    else {
      count.rankings++;
      count.pairs += pairs.length;
      const weight = ((options.by === 'weight' ? share : 1) * table.weight[record]) / pairs.length;
      for (const [chosen, rejected] of pairs) {
        const line: TrlPair = {
          prompt: table.prompts.text(table.prompt[record]),
          chosen: table.responses.text(chosen),
          rejected: table.responses.text(rejected),
          annotator: annotator < 0 ? undefined : nameOf(table.annotators.text(annotator)),
          weight,
        };
        yield JSON.stringify(line) + '\n';
      }
    }
  }
}
