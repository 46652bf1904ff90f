import { define } from './define';

/** Words of the Types tab: who the types are and what each wants. */
export const typeWords = define({
  share: {
    term: 'Share',
    meaning: 'The estimated part of the annotators who are of this type.',
    formula: 'η_k = mean over h of γ_hk',
  },
  members: { term: 'Annotators', meaning: 'Annotators for whom this type is the most probable one.' },
  posterior: {
    term: 'Posterior',
    meaning: 'Probability that an annotator is of a type, given all that this annotator ranked.',
    formula: 'γ_hk ∝ η_k exp(Σ ℓ_k)',
  },
  ternary: {
    term: 'Ternary plot',
    meaning:
      'The three posterior probabilities of an annotator as one place in a triangle: the distance to the side opposite a corner is the probability of that corner’s type. In the middle nothing is known.',
  },
  entropy: {
    term: 'Entropy',
    meaning: 'How uncertain an annotator’s type is, in nats. 0 is certainty; log K is no idea.',
    formula: '−Σ_k γ_hk ln γ_hk',
  },
  certain: {
    term: 'Surely placed',
    meaning: 'Annotators whose most probable type has a posterior of at least 0.9.',
  },
  effectiveTypes: {
    term: 'Effective types',
    meaning: 'How many types of equal size would be as varied as these. Far below K, the fit has collapsed.',
    formula: 'exp(−Σ_k η_k ln η_k)',
  },
  probability: {
    term: 'Probability',
    meaning: 'How often the type’s own policy gives this response to this prompt.',
    formula: 'π_k(y | x)',
  },
  reference: {
    term: 'Reference',
    meaning: 'How often the reference policy gives it: where the policies start from.',
    formula: 'π_ref(y | x)',
  },
  reward: {
    term: 'Reward',
    meaning: 'How much the type wants the response, centred so that the rewards of a prompt sum to 0.',
    formula: 'r_k(x, y)',
  },
  coefficient: {
    term: 'Coefficient',
    meaning: 'Centred reward of an item, or weight of a feature, for each type.',
    formula: 'θ_k',
  },
  divergence: {
    term: 'Divergence',
    meaning:
      'How much the types’ policies disagree on a prompt: 0 when they are the same. Jensen–Shannon divergence weighted by shares, in nats.',
  },
  accuracy: {
    term: 'Accuracy',
    meaning:
      'Annotators whose type matches the one named in the dataset, under the best one-to-one matching of types.',
  },
  adjustedRand: {
    term: 'Adjusted Rand',
    meaning: 'Agreement of two groupings: 1 is the same grouping, 0 is what chance would give.',
  },
  kept: {
    term: 'Kept',
    meaning:
      'The part of a type’s posterior that stays in the corresponding type of the other run: 100 % where all of its annotators stay for certain.',
    formula: 'Σ_h γ_hk γ′_hk′ / Σ_h γ_hk',
  },
  distance: {
    term: 'Distance',
    meaning:
      'How far an annotator’s posterior moved over types that correspond: 1 where nothing is left of the first assignment.',
    formula: '1 − Σ_k min(γ_hk, γ′_hk′)',
  },
});
