import { define } from './define';

/** Words of the Regret tab: what policies cost, and which is fairest. */
export const regretWords = define({
  regret: {
    term: 'Regret',
    meaning:
      'What a type loses, in nats of its own log-ratio, when a policy answers instead of the type’s own. 0 is no loss.',
    formula: 'R_k(π) = c_k (L_kk − L_k(π))',
  },
  regretMatrix: {
    term: 'Regret matrix',
    meaning: 'Row i, column j: what type i loses when type j’s policy answers.',
    formula: 'R_ij = c_i (L_ii − L_ij)',
  },
  worst: {
    term: 'Worst-off type',
    meaning: 'The type that regrets a policy most. The fairest policy makes this number smallest.',
    formula: 'max_k R_k(π)',
  },
  weights: {
    term: 'Fair weights',
    meaning: 'How often each type’s policy answers in the fair mixture: one type is drawn for each prompt.',
    formula: 'w* = argmin_w max_i Σ_j w_j R_ij',
  },
  adversary: {
    term: 'Adversary',
    meaning:
      'The population of types for which the fair mixture is hardest. No weights do better against it.',
  },
  value: {
    term: 'Value',
    meaning: 'Regret of the worst-off type under the fair mixture; never below 0.',
    formula: 'max(0, max_i Σ_j w_j R_ij)',
  },
  gap: {
    term: 'Duality gap',
    meaning: 'Distance of the weights from the optimum. 0, up to rounding, proves that they are optimal.',
  },
  protection: {
    term: 'Protection',
    meaning:
      'Weight on a type’s regret. Above 1 protects the type more. 1 unless the experiment says otherwise.',
    formula: 'c_i',
  },
  ownPolicy: { term: 'Own policy', meaning: 'The policy trained for one type alone.', formula: 'π_k' },
  plainDpo: {
    term: 'Plain DPO',
    meaning: 'One policy for everybody, trained as if all annotators wanted the same (K = 1).',
  },
});
