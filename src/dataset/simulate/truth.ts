import type { SimulatedAnnotator } from './judge';
import type { Plan, Weights } from './plan';
import { rankingLogLikelihood } from './ranking-likelihood';

/** What a dataset was made from: `<name>.truth.json`, for evaluation only. */
export interface Truth {
  readonly schema: 1;
  readonly seed: number;
  readonly types: readonly { readonly name: string; readonly share: number; readonly weights?: Weights }[];
  /** Absent where every record has a prompt of its own: the reward is then scale · featuresᵀ weights. */
  readonly prompts?: readonly TruePrompt[];
  readonly annotators: readonly TrueAnnotator[];
  readonly records: number;
  /** Records that hold a tie. */
  readonly ties: number;
  /**
   * Share of annotators whose type the Bayes classifier finds that knows the true rewards and shares, on exactly
   * these records: the accuracy that no training can expect to beat.
   */
  readonly idealAccuracy: number;
}

export interface TruePrompt {
  readonly prompt: string;
  readonly responses: readonly string[];
  /** types × responses, in the order of `types` and `responses`; centred within the prompt, as only differences count. */
  readonly rewards: readonly (readonly number[])[];
}

export interface TrueAnnotator {
  readonly annotator: string;
  readonly type: string;
  /** Present on those who ranked at random. */
  readonly careless?: true;
}

/** @param annotators all that were simulated under this plan */
export function truthOf(plan: Plan, seed: number, annotators: Iterable<SimulatedAnnotator>): Truth {
  const people: TrueAnnotator[] = [];
  let records = 0;
  let ties = 0;
  let found = 0;
  for (const { name, type, careless, judgements } of annotators) {
    people.push({ annotator: name, type: plan.types[type].name, ...(careless ? { careless } : {}) });
    records += judgements.length;
    ties += judgements.filter((j) => j.ranking.some((level) => typeof level !== 'number')).length;
    if (mostLikelyType(plan, judgements) === type) found++;
  }
  return {
    schema: 1,
    seed,
    types: plan.types.map(({ name, share, weights }) => ({ name, share, weights })),
    prompts:
      typeof plan.prompts === 'function'
        ? undefined
        : plan.prompts.map(({ prompt, responses, rewards }) => ({
            prompt,
            responses,
            rewards: rewards.map(centred),
          })),
    annotators: people,
    records,
    ties,
    idealAccuracy: found / people.length,
  };
}

/** argmax_k log η_k + Σ_records ℓ_k, the first of equals. */
function mostLikelyType(plan: Plan, judgements: SimulatedAnnotator['judgements']): number {
  const score = plan.types.map(({ share }, k) =>
    judgements.reduce((sum, { prompt, shown, ranking }) => {
      const utility = shown.map((y) => prompt.rewards[k][y]);
      return sum + rankingLogLikelihood(utility, ranking);
    }, Math.log(share)),
  );
  return score.indexOf(Math.max(...score));
}

/** Minus the mean, to four decimals: more than any estimate needs, and the file stays readable. */
function centred(rewards: readonly number[]): number[] {
  const mean = rewards.reduce((sum, r) => sum + r, 0) / rewards.length;
  return rewards.map((r) => Math.round((r - mean) * 1e4) / 1e4);
}
