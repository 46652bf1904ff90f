import { define } from './define';

/** Words of language models and their training. */
export const languageWords = define({
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
});
