import type { RankingTable } from '../../dataset/table';
import type { Tokenizer } from '../../policy/transformer/language-model';
import type { TieTreatment, UnrankedTreatment } from '../../protocol/experiment';
import { makeProblem, type Problem } from '../problem';
import { encodeTexts, type TextLimits, type Texts } from './texts';
import { usableRankings, usableWarnings, type UsableRankings } from './usable';

/** A dataset as training of language models needs it. */
export interface LanguageData {
  readonly problem: Problem;
  readonly texts: Texts;
  readonly usable: UsableRankings;
  /** What was cut and what is not trained on, with lines. */
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
}

/**
 * Rankings of single responses, and their texts as tokens.
 *
 * @throws UnfitDataError when no record can be used
 */
export function prepareLanguageData(
  table: RankingTable,
  tokenizer: Tokenizer,
  limits: TextLimits,
  treatment: { readonly unranked: UnrankedTreatment; readonly ties: TieTreatment },
): LanguageData {
  const single = new Int32Array(table.responses.size).map((_, y) => y);
  const problem = makeProblem(table, single, single.length, treatment);
  const texts = encodeTexts(table, problem.rankings.option, tokenizer, limits);
  const usable = usableRankings(problem, texts);
  return { problem, texts, usable, warnings: usableWarnings(problem, usable, texts) };
}
