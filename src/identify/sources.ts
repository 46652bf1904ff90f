/** The papers that a finding or a verdict may lean on. */
const PAPER = 'Chidambaram, Seetharaman, Syrgkanis 2025 (arXiv 2510.15716)';

export const SOURCES = {
  lemma41: `${PAPER}, Lemma 4.1`,
  theorem42: `${PAPER}, Theorem 4.2, after Fox, Kim, Ryan, Bajari 2012`,
  lemma43: `${PAPER}, Lemma 4.3`,
  zhao2016: 'Zhao, Piech, Xia 2016 (arXiv 1603.07323)',
  zhao2019: 'Zhao, Xia 2019, Learning Mixtures of Plackett-Luce Models from Structured Partial Orders',
  zhang2022: 'Zhang, Zhang, Loh, Liang 2022, mixtures of two ranking models',
  allman2009: 'Allman, Matias, Rhodes 2009, Identifiability of parameters in latent structure models',
  vandermeulen: 'Vandermeulen, Scott, identifiability from grouped observations',
  rothenberg1971: 'Rothenberg 1971, Identification in parametric models',
  ford1957: 'Ford 1957; Hunter 2004, MM algorithms for generalized Bradley-Terry models',
} as const;

/** What theorems assume and no dataset can show. */
export const ASSUMPTIONS = {
  oneType: 'Each annotator has one type in all records.',
  independent: 'Given the type, the records of an annotator are independent.',
  prompts: 'Types are independent of the prompts and responses that an annotator was shown.',
  model: 'Every type ranks as a Plackett-Luce model does.',
  linear: 'Every type’s reward is linear in the given features.',
  moments: 'The distribution of types has Carleman moments: its tails are not too heavy.',
  support: 'The features vary over an open set around 0, not only over the values seen.',
  generic: 'The true parameters are none of the exceptional ones (a set of measure zero).',
  drawn: 'The questions of an annotator are drawn at random, each independently of the others.',
  exactlyTwo: 'There are no more than two types.',
  depth: 'How many responses an annotator ranked does not depend on the type.',
} as const;
