import { define } from './define';

/** Words of the Data tab: what was read, what it can tell, what to collect. */
export const dataWords = define({
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
