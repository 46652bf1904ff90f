import { define } from './define';

/** Words of how far to believe a result: errors, intervals, other annotators. */
export const trustWords = define({
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
});
