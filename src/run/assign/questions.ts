import type { RankingTable } from '../../dataset/table';
import { designPatterns, type RecordDesign } from '../../identify/information/design-patterns';
import { allOutcomes, drawOutcome, outcomeCount } from '../../identify/information/outcomes';
import { random } from '../../random';

/** A choice set that can be put to an annotator, and what each type answers. */
export interface Question {
  readonly design: RecordDesign;
  /** Records of the run's dataset that ask it. */
  readonly asked: number;
  /** Outcomes × types: log P of each answer, in nats. */
  readonly logProbability: Float64Array;
  /** Outcomes × types: the probability of each answer, or its part of a sample drawn from the type; columns sum to 1. */
  readonly weight: Float64Array;
}

export interface QuestionBank {
  readonly questions: readonly Question[];
  /** Different choice sets of the dataset, of which `questions` may be a sample. */
  readonly available: number;
}

/** More are not weighed against each other: the best of so many is hardly ever much better. */
const MOST_QUESTIONS = 2000;
/** Answers are listed up to so many (five responses in full), and drawn beyond. */
const MOST_OUTCOMES = 120;
const DRAWS = 120;
const STREAM = 0xa551;

/**
 * The questions of a dataset: each choice set with the number of places that were ranked.
 *
 * @param alternativeOf alternative of each response: itself, or its item
 * @param utility by type: reward of each alternative
 */
export function questionBank(
  table: RankingTable,
  alternativeOf: Int32Array,
  utility: readonly Float64Array[],
  seed: number,
): QuestionBank {
  const patterns = designPatterns(table, alternativeOf);
  const asked = new Float64Array(patterns.records.length);
  for (let p = 0; p < patterns.count.length; p++) {
    for (let i = patterns.start[p]; i < patterns.start[p + 1]; i++)
      asked[patterns.record[i]] += patterns.count[p];
  }
  const source = random(seed, STREAM);
  const order = Int32Array.from(asked.keys());
  const taken = order.length > MOST_QUESTIONS ? source.shuffle(order).slice(0, MOST_QUESTIONS) : order;
  const questions = Array.from(taken, (d): Question => {
    const design = patterns.records[d];
    const exact = outcomeCount(design) <= MOST_OUTCOMES;
    const outcomes = exact
      ? allOutcomes(design, utility)
      : utility.flatMap((_, k) =>
          Array.from({ length: DRAWS }, () => drawOutcome(design, utility, k, source)),
        );
    const types = utility.length;
    const logProbability = new Float64Array(outcomes.length * types);
    const weight = new Float64Array(outcomes.length * types);
    outcomes.forEach((outcome, o) => {
      for (let k = 0; k < types; k++) {
        logProbability[o * types + k] = outcome.logProbability[k];
        const drawn = Math.floor(o / DRAWS) === k ? 1 / DRAWS : 0;
        weight[o * types + k] = exact ? Math.exp(outcome.logProbability[k]) : drawn;
      }
    });
    return { design, asked: asked[d], logProbability, weight };
  });
  return { questions, available: patterns.records.length };
}

/**
 * I(type; answer) = Σ_k γ_k E_{answer ~ k} log P(answer | k) / Σ_j γ_j P(answer | j): what the answer is expected to
 * tell about the type, in nats. At most the entropy of γ.
 */
export function informationGain({ logProbability, weight }: Question, gamma: ArrayLike<number>): number {
  const types = gamma.length;
  let gain = 0;
  for (let at = 0; at < logProbability.length; at += types) {
    let largest = -Infinity;
    for (let k = 0; k < types; k++) {
      if (gamma[k] > 0 && logProbability[at + k] > largest) largest = logProbability[at + k];
    }
    let mixed = 0;
    for (let k = 0; k < types; k++) mixed += gamma[k] * Math.exp(logProbability[at + k] - largest);
    const logMixed = largest + Math.log(mixed);
    for (let k = 0; k < types; k++) {
      const part = gamma[k] * weight[at + k];
      if (part > 0) gain += part * (logProbability[at + k] - logMixed);
    }
  }
  return Math.max(0, gain);
}
