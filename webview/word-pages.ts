import type { WordId } from './words';

/** The page of `docs/` that says more about a word, where it is not the one about the panel. */
const PAGES: Readonly<Record<string, readonly WordId[]>> = {
  regret: [
    ...(['regret', 'regretMatrix', 'worst', 'weights', 'adversary', 'value', 'gap', 'protection'] as const),
    ...(['ownPolicy', 'plainDpo', 'againstPlain', 'againstMinMax', 'beta', 'reference'] as const),
  ],
  training: [
    ...([
      'logLikelihood',
      'objective',
      'bic',
      'icl',
      'heldOut',
      'belowBest',
      'behindBest',
      'prior',
      'share',
    ] as const),
    ...([
      'posterior',
      'entropy',
      'effectiveTypes',
      'starts',
      'agreement',
      'converged',
      'iterations',
      'assignments',
    ] as const),
    ...([
      'loss',
      'pairAccuracy',
      'margin',
      'drift',
      'moved',
      'crossFitted',
      'bootstrap',
      'switching',
    ] as const),
    ...([
      'lost',
      'calibration',
      'calibrationError',
      'heldOutRecords',
      'pairsRight',
      'promptInterval',
    ] as const),
  ],
  identifiability: [
    ...([
      'verdict',
      'rank',
      'eigenvalue',
      'condition',
      'direction',
      'spectrum',
      'part',
      'strongPart',
    ] as const),
    ...(['shareError', 'along', 'judgement', 'sharesKnown', 'openDirections', 'choiceSet'] as const),
  ],
  generate: ['standardError', 'interval', 'implicitReward'],
};

export function pageOf(word: WordId): string {
  return Object.keys(PAGES).find((page) => PAGES[page].includes(word)) ?? 'panel';
}
