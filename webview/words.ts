/** What each number means, in plain words and as a formula; shown on hover and focus and in the glossary. */
export interface Word {
  readonly term: string;
  readonly meaning: string;
  readonly formula?: string;
}

const define = <K extends string>(words: Readonly<Record<K, Word>>) => words;

export const words = define({
  annotator: {
    term: 'Annotators',
    meaning: 'The people or models who ranked. Each is taken to belong to one type for all records.',
  },
  record: { term: 'Records', meaning: 'Rankings that were read: one annotator, one prompt, one choice set.' },
  prompt: { term: 'Prompts', meaning: 'Distinct prompts among the records used.' },
  response: {
    term: 'Responses',
    meaning: 'Distinct responses; the same text under the same prompt is one response.',
  },
  item: {
    term: 'Items',
    meaning:
      'Distinct values of the item column, such as the models that wrote the responses. Items link prompts.',
  },
  types: {
    term: 'Types',
    meaning: 'How many groups of annotators with preferences of their own were fitted.',
    formula: 'K',
  },
  logLikelihood: {
    term: 'Log-likelihood',
    meaning:
      'How well the fitted types explain all rankings, in nats. Nearer to 0 is better. Only comparable between fits of the same records under the same treatment of ties and unranked responses.',
    formula: 'Σ_h log Σ_k η_k exp(Σ_records ℓ_k)',
  },
  objective: {
    term: 'Objective',
    meaning: 'The log-likelihood less the prior. This is what EM climbs, and it never falls.',
    formula: 'log-likelihood − λ/2 Σ_k ‖θ_k‖²',
  },
  bic: {
    term: 'BIC',
    meaning:
      'Log-likelihood with a charge for each parameter. Lower is better. Given for maximum-likelihood fits only (prior 0).',
    formula: '−2 LL + p ln N',
  },
  icl: {
    term: 'ICL',
    meaning: 'BIC with a further charge for annotators who cannot be placed. Lower is better.',
    formula: 'BIC − 2 Σ_h Σ_k γ_hk ln γ_hk',
  },
  parameters: {
    term: 'Parameters',
    meaning: 'Free numbers that were fitted, shares included.',
    formula: 'p',
  },
  heldOut: {
    term: 'Held-out',
    meaning:
      'How well types fitted to other annotators explain those who were left out, summed over all annotators, in nats. Higher is better.',
    formula: 'Σ_h log Σ_k η_k exp Σ ℓ_k, with η and ℓ fitted without the fold of h',
  },
  behindBest: {
    term: 'Behind the best',
    meaning:
      'Held-out log-likelihood of the best number of types minus this one’s, annotator by annotator. The fewest types that fall short by no more than one standard error are recommended.',
  },
  prior: {
    term: 'Prior',
    meaning: 'Strength of the pull of rewards towards 0. With 0 the fit is maximum likelihood.',
    formula: 'λ',
  },
  beta: {
    term: 'β',
    meaning:
      'How far a policy may move from the reference for a given reward: a small β moves further. It changes policies and regrets, not types.',
    formula: 'r = β log(π / π_ref)',
  },
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
  loss: {
    term: 'Loss',
    meaning: 'Negative log-likelihood of a ranking under the policy’s implicit rewards, in nats.',
    formula: '−log P(ranking | r)',
  },
  pairAccuracy: {
    term: 'Pairs told apart',
    meaning:
      'Share of pairs of responses in which the better one has the larger implicit reward, on the rankings being trained on.',
  },
  margin: {
    term: 'Margin',
    meaning: 'Implicit reward of the better response minus the worse one’s, on average over pairs.',
    formula: 'r(better) − r(worse)',
  },
  drift: {
    term: 'Drift',
    meaning:
      'How much likelier than under the reference model a response of the dataset has become, in nats. Below 0: less likely.',
    formula: 'log π(y | x) − log π_ref(y | x)',
  },
  moved: {
    term: 'Moved',
    meaning: 'The part of the assignments of annotators to types that changed since the last round.',
    formula: 'mean over h of Σ_k |Δγ_hk| / 2',
  },
  crossFitted: {
    term: 'Cross-fitted',
    meaning:
      'Each record is scored by policies that were trained on the other half of its annotator’s records, so that no policy judges what it has learnt by heart.',
  },
  pretraining: {
    term: 'Pretraining',
    meaning:
      'How well the reference model predicts responses before preferences are learnt: those it is trained on, and those kept out.',
  },
  implicitReward: {
    term: 'Implicit reward',
    meaning:
      'What a type’s policy thinks of an answer: how much likelier it makes it than the reference model does.',
    formula: 'β (log π_k(y | x) − log π_ref(y | x))',
  },
  standardError: {
    term: 'Standard error',
    meaning:
      'How far an estimate is from its true value, typically: language models’ regrets are means over sampled prompts and responses.',
  },
  interval: {
    term: '95 % interval',
    meaning:
      'Where the value would lie in 95 of 100 draws of the prompts, by bootstrap. Wide intervals: sample more prompts or responses.',
  },
  bootstrap: {
    term: 'Bootstrap interval',
    meaning:
      'Where the value lies in 90 of 100 repeats of the fit, each on as many annotators drawn with replacement, corrected for bias. It says how much other annotators would change the result; prompts stay as they are.',
  },
  switching: {
    term: 'Switching',
    meaning:
      'Annotators whose most probable type is another one when the fit is repeated on other annotators. Do not count on the type of a single annotator who switches.',
  },
  lost: {
    term: 'Lost',
    meaning:
      'Share of the repeats in which the type keeps fewer than half of its annotators: it is another type there, and its intervals mix the two.',
  },
  calibration: {
    term: 'Calibration',
    meaning:
      'Whether what is stated with 80 % certainty comes true in 80 of 100 cases, on rankings that neither types nor posteriors have seen.',
  },
  calibrationError: {
    term: 'Calibration error',
    meaning:
      'How far stated probabilities are from how often they come true, on average over predictions. Finitely many predictions alone make it larger than 0.',
    formula: 'Σ_b n_b/n |stated_b − observed_b|',
  },
  againstPlain: {
    term: 'Against plain DPO',
    meaning:
      'The worst-off type’s regret less that of plain DPO’s worst-off type, on the same prompts, as a 95 % interval. Below 0 throughout: fairer. Across 0: the sample does not settle it.',
  },
  promptInterval: {
    term: '95 % interval',
    meaning:
      'Where the worst regret would lie in 95 of 100 other sets of prompts like these, by bootstrap over prompts. The policies stay as they are.',
  },
  againstMinMax: {
    term: 'Against EM-DPO with min-max',
    meaning:
      'The worst-off type’s regret under this method less that under EM-DPO with min-max, on the same prompts, as a 95 % interval. Above 0 throughout: EM-DPO with min-max is fairer. Across 0: these prompts do not settle it.',
  },
  heldOutRecords: {
    term: 'Held-out records',
    meaning:
      'Log-likelihood of records that no method learnt from, once an annotator’s other records have said which type the annotator is. Higher is better.',
    formula: 'Σ_h log Σ_k γ_hk exp(Σ_held-out ℓ_k)',
  },
  pairsRight: {
    term: 'Pairs right',
    meaning:
      'Share of held-out pairs of this group’s annotators in which the better response has the larger mean reward. Half is chance.',
    formula: 'Σ_k γ_hk u_k(better) > Σ_k γ_hk u_k(worse)',
  },
  starts: {
    term: 'Starts',
    meaning: 'Fits from different starting points. The one with the highest objective is kept.',
  },
  agreement: {
    term: 'Agreement',
    meaning:
      'Whether a start found the same groups of annotators as the best start: 1 is the same, 0 is chance.',
    formula: 'adjusted Rand index',
  },
  converged: { term: 'Converged', meaning: 'The last iteration gained less than the tolerance.' },
  iterations: { term: 'Iterations', meaning: 'Rounds of EM: place the annotators, then refit each type.' },
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
  rank: {
    term: 'Rank',
    meaning:
      'How many directions of the parameters this design informs. Below the number of parameters, some cannot be learned.',
  },
  eigenvalue: {
    term: 'Smallest eigenvalue',
    meaning:
      'Information per annotator in the least informed direction. Near 0, that direction is practically unknown.',
  },
  condition: {
    term: 'Condition',
    meaning: 'Largest eigenvalue over smallest: large means very uneven information.',
  },
  shareError: {
    term: 'Error of shares',
    meaning:
      'Expected standard error of the least certain share with this many annotators and this design: √(inverse information / N).',
  },
  direction: {
    term: 'Left open, or weakest',
    meaning:
      'Which parameters the design leaves without information; where it leaves none open, the direction with the least.',
  },
  choiceSet: {
    term: 'Choice set',
    meaning: 'The responses that a record ranks: those offered together, whether ranked or not.',
  },
  recordsPerAnnotator: {
    term: 'Records per annotator',
    meaning:
      'How many records that decide something each annotator gave. Types are told apart by what the same person says several times.',
  },
  coverage: {
    term: 'Coverage of prompts',
    meaning: 'How many annotators judged each prompt. Prompts of one annotator alone link nobody.',
  },
  depth: {
    term: 'How far records rank',
    meaning: 'Whether a record orders its whole choice set, its first places, its favourite only, or a pair.',
  },
  part: {
    term: 'Part',
    meaning:
      'What comparisons join, directly or through others. Between two parts nothing can be compared, however much data there is within them.',
  },
  strongPart: {
    term: 'Part joined both ways',
    meaning:
      'Within it everything has lost, directly or through others, to everything else. What always wins has no finite reward without a prior.',
  },
  spectrum: {
    term: 'Spectrum of the information',
    meaning:
      'How much the design says about each independent direction of the parameters, least first. A direction of 0 stays unknown however many annotators answer.',
    formula: 'eigenvalues of I = Σ_h E[s sᵀ], s the score of one annotator',
  },
  along: {
    term: 'Known to',
    meaning: 'Expected standard error along this direction, with all annotators there are.',
    formula: '1 / √(N × eigenvalue)',
  },
  judgement: {
    term: 'Judgements',
    meaning:
      'Choices that people would have to make: a pair or a favourite is one, a ranking of three is two.',
  },
  sharesKnown: {
    term: 'Shares known to',
    meaning:
      'Expected standard error of the least certain share of a type, after what is proposed was collected.',
  },
  openDirections: {
    term: 'Left open',
    meaning: 'Independent directions of the parameters that would still have no information at all.',
  },
  verdict: {
    term: 'Verdict',
    meaning:
      'What theory says about telling types apart with this data, within one scope and under stated assumptions. Never a bare yes or no.',
  },
});

export type WordId = keyof typeof words;
