import { availableParallelism } from 'node:os';
import { useThreads } from '../compute/kernels/wasm/machine';
import type { RankingTable } from '../dataset/table';
import type { RunEventBody } from '../protocol/event';
import type { Experiment, LanguageExperiment } from '../protocol/experiment';
import type { ScopeVerdict } from '../protocol/validation';
import { fitExperiment, type FittedExperiment } from './fit-experiment';
import type { FitHooks } from './fit-types';

/** Fits an experiment on the device that it was opened on. */
export interface Fitter {
  readonly device: string;
  readonly threads: number;
  fit(table: RankingTable, hooks: FitHooks, verdicts: readonly ScopeVerdict[]): Promise<FittedExperiment>;
}

interface FitterOptions {
  /** Path of the command line, whose processes test devices. */
  readonly program: string;
  readonly signal: AbortSignal;
  readonly emit: (event: RunEventBody) => void;
}

/** @throws DeviceError where the experiment asks for a device that is not there or cannot be trusted */
export async function openFitter(
  experiment: Experiment,
  directory: string,
  options: FitterOptions,
): Promise<Fitter> {
  const { policy } = experiment;
  if (policy.kind === 'transformer') return openLanguage({ ...experiment, policy }, directory, options);
  const fit: Fitter['fit'] = (table, hooks, verdicts) =>
    fitExperiment(table, { ...experiment, policy }, hooks, verdicts);
  const threads = kernelThreads(experiment.compute.threads);
  useThreads(threads);
  return { device: 'cpu', threads, fit };
}

/** More would wait for memory more than they compute. */
const MOST_THREADS = 16;

/** @param asked 0: as many as there are cores */
function kernelThreads(asked: number): number {
  return Math.min(MOST_THREADS, asked === 0 ? availableParallelism() : asked);
}

async function openLanguage(
  experiment: LanguageExperiment,
  directory: string,
  { program, signal, emit }: FitterOptions,
): Promise<Fitter> {
  if (experiment.evaluate.bootstrap > 0 || experiment.evaluate.calibration) {
    emit({
      type: 'warning',
      code: 'evaluate/not-for-language-models',
      message:
        'evaluate.bootstrap and evaluate.calibration are for tabular and log-linear policies, and this run leaves them ' +
        'out: each replicate would train every language model again. A log-linear run on the same file has them.',
    });
  }
  // what language models need is large, and other runs do without it
  const { chooseDevice } = await import('../compute/devices/choose');
  const { fitLanguage } = await import('./language/fit-language');
  const { executor, report, refused } = await chooseDevice({
    ...experiment.compute,
    program,
    signal,
    onTest: (title, done, total) => {
      emit({ type: 'phase', phase: 'reading', title: `Testing ${title}` });
      emit({ type: 'progress', phase: 'reading', done, total });
    },
  });
  for (const { id, reason } of refused) {
    emit({ type: 'warning', code: 'device/refused', message: `${id} is not used: ${reason}` });
  }
  return {
    device: report.id,
    threads: executor.threads,
    fit: async (table, hooks, verdicts) => {
      try {
        return await fitLanguage(table, experiment, executor, directory, hooks, verdicts);
      } finally {
        await executor.dispose();
      }
    },
  };
}
