import type { AttributeAgreement, Baseline, RunResult, Yardstick } from '../protocol/result';
import { painter, percent, textTable, wrap } from './terminal';

const YARDSTICKS: Readonly<Record<Yardstick, string>> = {
  true: 'the true rewards that the dataset was simulated from',
  known: 'policies fitted to the types that the dataset names',
  fitted: 'the policies of the types found',
};

/** EM-DPO against other methods, where the experiment asked for it. */
export function baselineLines({ baselines, comparison }: RunResult): string {
  if (baselines === undefined || comparison === undefined) return '';
  const paint = painter(process.stdout);
  const accuracies = comparison.groups.map((group) => `right, ${group}`);
  const header = ['method', 'worst regret', '95 % interval', 'held-out', ...accuracies, 'Rand'];
  const [head, ...lines] = textTable([header, ...baselines.map(row)], header.map((_, j) => j).slice(1)).split(
    '\n',
  );
  const least = leastWorst(baselines);
  return [
    wrap(
      `Other methods on the same records. Regrets against ${YARDSTICKS[comparison.yardstick]}; held-out: log-likelihood of ${comparison.heldOutRecords} records that no method learnt from; right: share of their pairs.`,
      110,
      '',
    ),
    head,
    ...lines.map((line, i) => (baselines[i] === least ? paint('green', line) : line)),
    ...comparison.notes.map((note) => wrap(note, 110, '')),
  ].join('\n');
}

/** The oracle knows what no method is told, so that it does not compete. */
function leastWorst(baselines: readonly Baseline[]): Baseline | undefined {
  return baselines
    .filter(({ kind }) => kind !== 'oracle')
    .reduce<Baseline | undefined>(
      (best, each) => (best && best.worst <= each.worst ? best : each),
      undefined,
    );
}

function row({
  name,
  worst,
  worstInterval,
  heldOutLogLikelihood,
  accuracy,
  adjustedRand,
}: Baseline): string[] {
  return [
    name,
    worst.toFixed(4),
    worstInterval ? worstInterval.map((end) => end.toFixed(4)).join(' to ') : '–',
    heldOutLogLikelihood?.toFixed(2) ?? '–',
    ...accuracy.map((share) => (share === null ? '–' : percent(share))),
    adjustedRand?.toFixed(3) ?? '–',
  ];
}

/** The types found against an attribute of annotators. */
export function attributeLines({ attribute, types }: RunResult): string {
  if (attribute === undefined) return '';
  const { name, adjustedRand, untold } = attribute;
  const header = [name, ...types.map((type) => type.name)];
  return [
    `types found against ${name}: adjusted Rand index ${adjustedRand.toFixed(3)}` +
      (untold > 0 ? `; ${untold} annotators have no ${name} in the file` : ''),
    textTable([header, ...confusionRows(attribute)], header.map((_, j) => j).slice(1)),
  ].join('\n');
}

function confusionRows({ values, confusion }: AttributeAgreement): string[][] {
  return values.map((value, i) => [value, ...confusion[i].map(String)]);
}
