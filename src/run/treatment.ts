import type { RankingTable } from '../dataset/table';
import type { Alternatives } from '../policy/make-model';
import type { RewardModel } from '../policy/reward-model';
import type { Experiment } from '../protocol/experiment';
import type { Problem } from '../training/problem';

/** How the data was treated, in sentences for the result. Log-likelihoods under different treatments do not compare. */
export function treatmentSentences(
  table: RankingTable,
  experiment: Experiment,
  model: RewardModel,
  problem: Problem,
  alternatives: Alternatives,
): string[] {
  const [unranked, ties, ...left] = commonTreatment(table, problem);
  return [
    unranked,
    ties,
    modelSentence(experiment, model, alternatives),
    experiment.em.prior === 0
      ? 'There is no prior: the fit is maximum likelihood.'
      : `The prior is λ/2‖θ‖² on centred rewards with λ = ${experiment.em.prior}.`,
    table.reference
      ? 'The reference policy is the one given in the file.'
      : 'The reference policy is uniform over the distinct responses of a prompt.',
    ...left,
  ];
}

/** What holds whatever the policy: unranked options, ties, and what was left out. */
export function commonTreatment(table: RankingTable, { treatment }: Problem): string[] {
  const sentences = [
    treatment.unranked === 'offered'
      ? 'Options that were offered but not ranked count as ranked below all others.'
      : 'Options that were not ranked count as never shown.',
    treatment.ties === 'average'
      ? 'The likelihood of a tie is the mean over the orders it allows; a tied pair carries no information.'
      : `Records with a tie are left out: ${treatment.droppedTies} of ${table.records}.`,
  ];
  if (treatment.droppedSingle > 0) {
    sentences.push(
      `${treatment.droppedSingle} records are left out: fewer than two of their options were ranked.`,
    );
  }
  if (treatment.anonymous > 0) {
    sentences.push(
      `${treatment.anonymous} records name no annotator; each counts as an annotator of its own.`,
    );
  }
  if (treatment.emptied > 0) {
    sentences.push(`${treatment.emptied} annotators have no record that is used and are not counted.`);
  }
  return sentences;
}

function modelSentence(experiment: Experiment, model: RewardModel, alternatives: Alternatives): string {
  if (model.kind === 'tabular') {
    return alternatives.over === 'items'
      ? `Each of ${alternatives.count} items has one reward per type, the same for every prompt.`
      : `Each of ${alternatives.count} single responses has one reward per type.`;
  }
  return model.parameterNames
    ? `Rewards are linear in the ${model.parameters} features given in the file.`
    : `Rewards are linear in hashed word n-grams of the response text (${
        experiment.policy.kind === 'loglinear' ? experiment.policy.dimensions : model.parameters
      } buckets).`;
}
