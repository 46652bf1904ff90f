import { loglinear } from '../../policy/loglinear';
import type { RewardModel } from '../../policy/reward-model';
import { referenceLogProbabilities } from './reference';
import { responseEmbeddings } from './score';
import { responseFeatures } from './starts';
import { breather, type LanguageTrainingRequest } from './train';
import { programs } from './workbench';

/**
 * Rewards linear in what the reference model makes of a response: the leading directions of its embeddings, its length
 * and the log-probability of its tokens (responseFeatures). Fitting it takes seconds where a language model takes hours,
 * so that it can try several numbers of types.
 *
 * @returns undefined where the responses to a prompt do not differ in any of these
 */
export async function embeddingModel(
  request: Pick<
    LanguageTrainingRequest,
    'data' | 'policy' | 'modelHash' | 'executor' | 'seed' | 'signal' | 'referenceCache'
  >,
): Promise<RewardModel | undefined> {
  const { data, policy, executor, seed } = request;
  // β is that of rankings, none of which is trained on here
  const beta = 1;
  const ready = programs(executor, policy, beta);
  try {
    const bench = { ...data, policy, programs: ready, beta, seed, breathe: breather(request.signal) };
    const initial = policy.initial(seed);
    const reference = await referenceLogProbabilities(
      bench,
      request.modelHash,
      initial,
      request.referenceCache,
    );
    const embeddings = await responseEmbeddings(bench, initial);
    const features = responseFeatures(data.texts, embeddings, policy.hidden, reference, seed);
    return features.dimensions === 0 ? undefined : loglinear(features);
  } finally {
    await ready.dispose();
  }
}
