import { define } from './define';

/** Words of what stands in tables: their rows, and columns that are no measure of a fit. */
export const tableWords = define({
  typeName: {
    term: 'Type',
    meaning:
      'A group of annotators with preferences of their own. Types are ordered by share, the largest first, and have numbers until somebody names them.',
  },
  policyName: {
    term: 'Policy',
    meaning:
      'What gives every response its probability: the policy of one type, plain DPO, or one policy for everybody made of those of the types.',
  },
  method: {
    term: 'Method',
    meaning: 'How types, and one policy for everybody, were found from the same records.',
  },
  yardstick: {
    term: 'By other types',
    meaning:
      'The worst-off type’s regret of the same policy when regrets are taken against the policies of other types: the true ones of a simulation, those that the dataset names, or those that this run found.',
  },
  startKind: {
    term: 'Kind of start',
    meaning:
      'What the start began from: annotators clustered by agreement, random rewards, outliers (one type fitted to everybody, each other one to a single annotator), fewer types with one of them split, or a log-linear fit on embeddings.',
  },
  round: {
    term: 'Round',
    meaning:
      'Every type is trained for some passes, then annotators are placed anew. After the last round, “final” is the training of the policies that are kept.',
  },
  step: { term: 'Step', meaning: 'Updates of a policy’s weights in one training, counted from 1.' },
  pass: { term: 'Pass', meaning: 'Once through all responses that the model is pretrained on.' },
  seenLoss: {
    term: 'Seen',
    meaning: 'Loss on the responses that the reference model is pretrained on, in nats per token.',
  },
  keptOutLoss: {
    term: 'Kept out',
    meaning:
      'Loss on responses that were kept out of pretraining, in nats per token. When it rises, training goes too far.',
  },
  foundType: {
    term: 'Found type',
    meaning:
      'Annotators of the row for whom this type is the most probable one, and which part of the row they are.',
  },
  group: {
    term: 'Group',
    meaning:
      'Annotators by what is known of them: the type that the dataset names, or an attribute from a file.',
  },
  groupSize: { term: 'Annotators of the row', meaning: 'How many annotators the row counts.' },
  flow: {
    term: 'Annotators by type',
    meaning:
      'Annotators in both runs whose most probable type is that of the row in the one and that of the column in the other.',
  },
  alsoType: {
    term: 'Most often also',
    meaning:
      'The other type that is most often the most probable one when the fit is repeated on other annotators.',
  },
  predictions: {
    term: 'Predictions',
    meaning: 'How many predictions on rankings held out stated a probability in this range.',
  },
  statedMean: { term: 'Stated, mean', meaning: 'Mean of the probabilities that were stated in this range.' },
  chanceError: {
    term: 'Standard error',
    meaning:
      'How far what came true would typically be from what was stated, if every stated probability were right, with so many predictions.',
    formula: '√(stated (1 − stated) / predictions)',
  },
  annotatorError: {
    term: '± s.e.',
    meaning:
      'Standard error over annotators: how far the number left of it would typically be with other annotators of the same kind.',
  },
  line: { term: 'Line', meaning: 'Where the record stands in the dataset’s file.' },
  recordWeight: {
    term: 'Counts',
    meaning: 'How many times the record counts in the likelihood; 1 unless the dataset gives weights.',
  },
  place: {
    term: 'Place',
    meaning: 'The annotator’s own ranking: 1 is best, and what is tied shares a place.',
  },
  typePlace: {
    term: 'Place by a type',
    meaning:
      'Where the type’s own rewards put the response among those offered: 1 is best. Coloured where the annotator put it there, too.',
  },
  answer: { term: 'Answer', meaning: 'Answers of one policy to the prompt, counted from 1.' },
  tokens: {
    term: 'Tokens',
    meaning: 'Length of the answer in the pieces of text that the model reads and writes.',
  },
  logProbability: {
    term: 'Log-probability',
    meaning: 'Of the whole answer under the policy that wrote it, in nats. Long answers have less.',
    formula: 'log π(y | x)',
  },
  answerText: { term: 'Text', meaning: 'What the policy wrote.' },
  designPoint: {
    term: 'At',
    meaning:
      'The parameters at which the design is examined: drawn at random, or the hardest ones, with two types who want the opposite of each other.',
  },
  compared: {
    term: 'Compared',
    meaning:
      'Two responses or items that stood in the same choice set, or two prompts that the same annotators judged.',
  },
  times: { term: 'Times', meaning: 'Records that hold both.' },
  judgedBoth: { term: 'Annotators', meaning: 'Annotators who judged both prompts.' },
  wins: { term: 'One above', meaning: 'How often the first was ranked above the second.' },
  firstRecord: {
    term: 'First record',
    meaning: 'Line of the dataset with the first record that joins the two.',
  },
  inRange: { term: 'Count', meaning: 'How many lie in the range that the row names.' },
  collect: {
    term: 'What to collect',
    meaning: 'A kind of record that would tell more, and from how many annotators.',
  },
  enough: {
    term: 'Enough',
    meaning: 'Whether shares would then be known as well as is aimed at, with nothing left open.',
  },
  mixture: {
    term: 'Mixture',
    meaning: 'How often each type’s policy answers, in a mixture of them: one type is drawn for each prompt.',
    formula: 'Σ_k w_k π_k',
  },
  runName: {
    term: 'Run',
    meaning: 'One of the runs side by side. The others are held against the baseline.',
  },
  setting: {
    term: 'Setting',
    meaning: 'A key of the experiment file whose value is not the same in all runs.',
  },
  measure: {
    term: 'Measure',
    meaning: 'A number that runs are compared by. Its own definition stands in its row.',
  },
  runInterval: {
    term: 'Interval',
    meaning:
      'Where the run itself expects the value: by bootstrap over annotators, or over prompts where regrets were sampled.',
  },
  difference: { term: 'Difference', meaning: 'The value of the run less that of the baseline.' },
});
