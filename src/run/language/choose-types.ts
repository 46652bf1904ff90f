import type { RewardModel } from '../../policy/reward-model';
import type { LanguageExperiment } from '../../protocol/experiment';
import type { SelectionRow, TypesRecommendation } from '../../protocol/result';
import type { ScopeVerdict } from '../../protocol/validation';
import { embeddingModel } from '../../training/language/embedding-model';
import { EMBEDDING_PRIORS } from '../../training/language/starts';
import type { LanguageTrainingRequest } from '../../training/language/train';
import { heldOutLikelihoods, meanWithError } from '../../training/held-out';
import type { Problem } from '../../training/problem';
import { breather } from '../breathe';
import { fitTypes, type FitHooks } from '../fit-types';
import { RunError } from '../run-error';

/** How many language models to train, and by what that was chosen. */
export interface ChosenTypes {
  readonly types: number;
  /** Of the log-linear model; absent where the experiment gives the number. */
  readonly selection?: readonly SelectionRow[];
  readonly recommendation?: TypesRecommendation;
}

type Request = Omit<Parameters<typeof embeddingModel>[0], 'signal'> & Pick<LanguageTrainingRequest, 'data'>;

/**
 * The number of types that the experiment gives. Where it gives several or `auto`, one is chosen through a log-linear
 * model on the reference model's embeddings of the responses, by the same rule as for all policies: held-out likelihood
 * by annotator, one standard error, and what theory says of the data. Language models are then trained for that number
 * alone.
 *
 * @throws RunError where the embeddings say nothing
 */
export async function chooseTypes(
  request: Request,
  experiment: LanguageExperiment,
  verdicts: readonly ScopeVerdict[],
  hooks: FitHooks,
): Promise<ChosenTypes> {
  const { types, em, evaluate, seed } = experiment;
  if (typeof types === 'number') return { types };
  hooks.emit({ type: 'phase', phase: 'selecting', title: 'Embedding the responses' });
  const model = await embeddingModel({ ...request, signal: hooks.signal });
  if (!model) {
    throw new RunError(
      'The number of types cannot be chosen: to the reference model the responses to each prompt are alike. Give a number of types.',
    );
  }
  const { problem } = request.data;
  const prior = await bestPrior(problem, model, experiment, hooks);
  const chosen = await fitTypes(
    { problem, model, experiment: { types, evaluate, seed, em: { ...em, prior } }, verdicts },
    {
      signal: hooks.signal,
      // the curve of the run is that of the language models
      emit: (event) => {
        if (event.type !== 'em') hooks.emit(event);
      },
    },
  );
  return {
    types: chosen.fit.mixture.shares.length,
    selection: chosen.selection,
    recommendation: chosen.recommendation && { ...chosen.recommendation, by: 'embeddings' },
  };
}

/** The prior under which two types predict annotators held out best: the experiment's is for rewards of another scale. */
async function bestPrior(
  problem: Problem,
  model: RewardModel,
  { em, evaluate, seed }: LanguageExperiment,
  { signal, emit }: FitHooks,
): Promise<number> {
  let best = { prior: NaN, mean: -Infinity };
  for (const [i, prior] of EMBEDDING_PRIORS.entries()) {
    const likelihoods = await heldOutLikelihoods(problem, model, {
      ...em,
      prior,
      types: Math.min(2, problem.annotators),
      seed,
      folds: Math.min(evaluate.folds, problem.annotators),
      breathe: breather(signal),
      onIteration: () => undefined,
    });
    const { mean } = meanWithError(likelihoods);
    if (!(mean <= best.mean)) best = { prior, mean };
    emit({ type: 'progress', phase: 'selecting', done: i + 1, total: EMBEDDING_PRIORS.length });
  }
  return best.prior;
}
