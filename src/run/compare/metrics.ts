import type { Estimate, Metric } from '../../protocol/comparison';
import type { RunResult } from '../../protocol/result';
import type { ComparedRun } from './compared-run';

/** Standard errors on either side of a 95 % interval. */
const Z = 1.959964;

const MEASURES: readonly (readonly [string, (result: RunResult) => Estimate])[] = [
  ['types', ({ fit }) => ({ value: fit.types })],
  ['log-likelihood', ({ fit }) => ({ value: fit.logLikelihood })],
  ['BIC', ({ fit }) => ({ value: fit.bic })],
  ['ICL', ({ fit }) => ({ value: fit.icl })],
  ['held-out log-likelihood', heldOut],
  ['effective types', ({ posterior }) => ({ value: posterior.effectiveTypes })],
  ['mean entropy of the posteriors', ({ posterior }) => ({ value: posterior.meanEntropy })],
  [
    'share of annotators certain to .9',
    ({ posterior, fit }) => ({ value: posterior.certain / fit.annotators }),
  ],
  ['agreement with known types', ({ known }) => ({ value: known?.adjustedRand ?? null })],
  ['min-max regret', minMax],
];

/** Those that at least one run has. */
export function metrics(runs: readonly ComparedRun[]): Metric[] {
  return MEASURES.map(([name, of]) => ({ name, values: runs.map(({ result }) => of(result)) })).filter(
    ({ values }) => values.some(({ value }) => value !== null),
  );
}

function heldOut({ selection, fit }: RunResult): Estimate {
  const row = selection.find(({ types }) => types === fit.types);
  if (row?.heldOut == null) return { value: null };
  const error = row.heldOutStandardError;
  if (error === null) return { value: row.heldOut };
  return { value: row.heldOut, interval: [row.heldOut - Z * error, row.heldOut + Z * error] };
}

/** The interval over prompts where regrets were sampled, else the one over annotators where the run has it. */
function minMax({ regret, stability }: RunResult): Estimate {
  const { value, intervals } = regret;
  if (intervals) return { value, interval: intervals.value };
  const bootstrap = stability?.bootstrap;
  return bootstrap ? { value, interval: bootstrap.value, level: bootstrap.level } : { value };
}

/** Why some of the numbers must not be held against each other, in sentences. */
export function cautions(runs: readonly ComparedRun[]): string[] {
  const differ = (of: (run: ComparedRun) => unknown) => new Set(runs.map(of)).size > 1;
  const said: string[] = [];
  if (
    differ(({ manifest: { experiment } }) => `${experiment.dataset.unranked} ${experiment.dataset.ties}`) ||
    differ(({ result: { fit } }) => fit.records)
  ) {
    said.push(
      'The runs treat ties or unranked responses differently: their log-likelihoods, BIC and ICL are not comparable.',
    );
  }
  if (differ(({ manifest: { experiment } }) => experiment.beta)) {
    said.push('The runs have different β, on which regrets depend: compare their shares and types instead.');
  }
  if (differ(({ result: { fit } }) => fit.policy === 'transformer')) {
    said.push(
      'Regrets of language models are about the answers they write, those of other policies about the responses in the dataset.',
    );
  }
  return said;
}
