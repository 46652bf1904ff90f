import { define } from './define';

/** Words of the Training tab: a fit, its starts, and how many types. */
export const fitWords = define({
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
  belowBest: {
    term: 'Below best',
    meaning:
      'How far the objective of this start ended below that of the best start, in nats. Starts that end a little lower may still have found the same groups: see their agreement.',
    formula: 'objective of the best start − objective',
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
  assignments: {
    term: 'Assignments',
    meaning:
      'The most probable type of each annotator as it was at this iteration. A mark below a column: another one than in the iteration that was kept before.',
    formula: 'argmax_k γ_hk',
  },
  converged: { term: 'Converged', meaning: 'The last iteration gained less than the tolerance.' },
  iterations: { term: 'Iterations', meaning: 'Rounds of EM: place the annotators, then refit each type.' },
});
