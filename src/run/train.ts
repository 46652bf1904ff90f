import { setImmediate as breathe } from 'node:timers/promises';
import { DeviceError } from '../compute/devices/device-error';
import { DatasetError } from '../dataset/dataset-error';
import { readDataset } from '../dataset/read';
import type { RankingTable } from '../dataset/table';
import { validateInSteps } from '../identify/verdicts';
import type { RunEvent, RunEventBody } from '../protocol/event';
import type { Experiment } from '../protocol/experiment';
import type { Finding } from '../protocol/finding';
import type { RunResult } from '../protocol/result';
import type { RunManifest } from '../protocol/run';
import { ModelError } from '../policy/transformer/model-error';
import { TrainingError } from '../training/language/training-error';
import { UnfitDataError } from '../unfit-data-error';
import { choosePolicy } from './choose-policy';
import { claimRunDirectory, createRunDirectory, requireUnfinished } from './directory';
import { openEvents, readEvents } from './events';
import type { ExperimentRequest } from './experiment';
import { everySoOften } from './every-so-often';
import { hashDataset } from './hash';
import { writeHistory } from './history/history-file';
import { removeLeftovers, whatWasDropped } from './leftovers';
import { keptValidation } from './kept-validation';
import { acquireLock } from './lock';
import { openFitter } from './fitter';
import { readManifest, writeManifest } from './manifest';
import { modelFiles, requireSameModel } from './model-files';
import { writePosterior } from './posterior';
import { writeResult } from './result';
import { requireFile } from './require-file';
import { RunError } from './run-error';
import { writeTypeRewards } from './type-rewards';
import { writeValidation } from './validation';
import { warningsOf } from './warnings';
import { planCollection } from './plan-collection';
import { writeReport } from './write-report';
import type { ReportAssets } from './report';

export interface TrainOptions {
  readonly signal: AbortSignal;
  /** Made beside the dataset when absent. */
  readonly runDirectory?: string;
  /** Version of this program, for run.json. */
  readonly version: string;
  /** What the report is made of. */
  readonly assets: ReportAssets;
  /** Path of the command line, whose processes test devices. */
  readonly program: string;
  /** The run directory holds a run that was not finished: go on with it. */
  readonly resume?: boolean;
  /** Process that holds the run directory, where it is not this one. */
  readonly owner?: number;
  /** Told once, before anything else. */
  readonly onDirectory?: (directory: string) => void;
  readonly onEvent?: (event: RunEvent) => void;
}

export interface TrainedRun {
  readonly directory: string;
  readonly manifest: RunManifest;
  readonly findings: readonly Finding[];
  readonly result: RunResult;
}

/**
 * Trains an experiment and writes its run directory. Whatever happens, the last event says how it ended and the
 * directory is given back.
 *
 * @throws RunError, DatasetError or UnfitDataError with a sentence for the person; the signal's reason when it was stopped
 */
export async function trainRun(request: ExperimentRequest, options: TrainOptions): Promise<TrainedRun> {
  const started = new Date();
  // a dataset that cannot be opened leaves no run directory behind
  await requireFile(request.dataset.path);
  const directory = await directoryOf(request, options, started);
  const release = await acquireLock(directory, options.owner);
  try {
    // it may have changed while another process held it
    await requireStillFree(directory, options);
    options.onDirectory?.(directory);
    const earlier = await readEvents(directory);
    const leftovers = options.resume ? await removeLeftovers(directory) : [];
    const writer = openEvents(directory, undefined, earlier.events.at(-1)?.time);
    const emit = (body: RunEventBody) => {
      const event = writer.emit(body);
      options.onEvent?.(event);
    };
    try {
      const dropped = whatWasDropped(leftovers, earlier.cutShort);
      return await trainIn(directory, request, { ...options, dropped }, started, emit);
    } catch (error) {
      try {
        emit(options.signal.aborted ? { type: 'cancelled' } : { type: 'failed', message: failure(error) });
      } catch {
        // the disk that ended the run may not take this line either; without it the run counts as dead
      }
      throw error;
    } finally {
      writer.close();
    }
  } finally {
    // a lock that cannot be taken away names a process that is about to be gone
    await release().catch(() => undefined);
  }
}

async function requireStillFree(directory: string, { resume }: TrainOptions): Promise<void> {
  await (resume ? requireUnfinished(directory) : claimRunDirectory(directory));
}

async function trainIn(
  directory: string,
  request: ExperimentRequest,
  options: TrainOptions & { readonly dropped: readonly RunEventBody[] },
  started: Date,
  emit: (event: RunEventBody) => void,
): Promise<TrainedRun> {
  const { signal } = options;
  // unlike the clock this is never set back
  const began = performance.now();
  const fixed = typeof request.types === 'number' ? request.types : undefined;
  emit({
    type: 'started',
    pid: options.owner ?? process.pid,
    ...(fixed !== undefined && { types: fixed }),
    ...(options.resume && { resumed: true }),
  });
  for (const warning of options.dropped) emit(warning);

  emit({ type: 'phase', phase: 'reading', title: 'Reading the dataset' });
  const [{ table, findings }, file] = await Promise.all([
    readDataset(request.dataset.path, {
      form: request.dataset.form,
      columns: request.dataset.columns,
      unranked: request.dataset.unranked,
      split: request.dataset.split,
      signal,
      onProgress: everySoOften((done, total, secondsLeft) => {
        emit({ type: 'progress', phase: 'reading', done, total, secondsLeft });
      }),
    }),
    hashDataset(request.dataset, signal),
  ]);
  requireRecords(table, findings, request.dataset.path);
  const { policy, because } = choosePolicy(request.policy, table);
  const { parent, ...asked } = request;
  const experiment: Experiment = {
    ...asked,
    policy,
    dataset: { ...request.dataset, form: table.summary.form, unranked: table.unranked },
  };
  const earlier = options.resume ? await readManifest(directory) : undefined;
  requireSameData(earlier, file.sha256, request.dataset.path);
  await requireSameModel(earlier, signal);
  const fitter = await openFitter(onSameDevice(experiment, earlier), directory, { ...options, emit });
  const { device, threads } = fitter;
  emit({ type: 'device', device, threads });
  const manifest: RunManifest = {
    schema: 1,
    name: request.name,
    created: earlier?.created ?? started.toISOString(),
    experiment,
    // the experiment of a run that goes on holds them already
    decisions: earlier?.decisions ?? [because],
    dataset: { ...table.summary, path: request.dataset.path, ...file },
    versions: {
      emdpo: options.version,
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
    },
    device,
    ...(await baseModel(experiment, earlier, signal)),
    parent: parent ?? earlier?.parent,
  };
  await writeManifest(directory, manifest);

  emit({ type: 'phase', phase: 'validating', title: 'Checking what the data can tell' });
  await breathe();
  signal.throwIfAborted();
  const kept = await keptValidation(directory, earlier, options.version);
  const validation =
    kept ??
    (await validateInSteps(table, findings, {
      types: fixed,
      information: true,
      collection: true,
      signal,
      onProgress: (done, total) => {
        emit({ type: 'progress', phase: 'validating', done, total });
      },
    }));
  if (!kept) await writeValidation(directory, validation);
  for (const warning of warningsOf(validation.findings)) emit(warning);

  const fitted = await fitter.fit(table, { signal, emit }, validation.verdicts);
  signal.throwIfAborted();

  emit({ type: 'phase', phase: 'writing', title: 'Writing the results' });
  await writePosterior(directory, fitted.posterior);
  await writeTypeRewards(directory, fitted.rewards);
  if (fitted.history) await writeHistory(directory, fitted.history);
  await writeResult(directory, fitted.result);
  const advice = planCollection(table, validation, fitted.result.fit.types);
  if (advice) await writeValidation(directory, { ...validation, advice });
  const finished: RunEventBody = {
    type: 'finished',
    seconds: (performance.now() - began) / 1000,
    logLikelihood: fitted.result.fit.logLikelihood,
  };
  await writeReport(directory, options.assets, { finished: { time: new Date().toISOString(), ...finished } });
  signal.throwIfAborted();
  emit(finished);
  return { directory, manifest, findings: validation.findings, result: fitted.result };
}

async function directoryOf(
  { dataset, name }: ExperimentRequest,
  { runDirectory, resume }: TrainOptions,
  started: Date,
): Promise<string> {
  if (runDirectory === undefined) return createRunDirectory(dataset.path, name, started);
  return resume ? requireUnfinished(runDirectory) : claimRunDirectory(runDirectory);
}

/** A run goes on where it was: the fastest device of today may be another one, which rounds differently. */
function onSameDevice(experiment: Experiment, earlier: RunManifest | undefined): Experiment {
  if (earlier === undefined || experiment.policy.kind !== 'transformer') return experiment;
  return { ...experiment, compute: { ...experiment.compute, device: earlier.device } };
}

function requireSameData(earlier: RunManifest | undefined, sha256: string, path: string): void {
  if (earlier === undefined || earlier.dataset.sha256 === sha256) return;
  throw new RunError(
    `${path} has changed since the run was started, so the run cannot go on. Put the file back, or start a new run.`,
  );
}

/** What the model's files are when the run is started is what they have to be later. */
async function baseModel(
  { policy }: Experiment,
  earlier: RunManifest | undefined,
  signal: AbortSignal,
): Promise<Pick<RunManifest, 'modelFiles'>> {
  if (policy.kind !== 'transformer' || policy.model === 'scratch') return {};
  return { modelFiles: earlier?.modelFiles ?? (await modelFiles(policy.model, signal)) };
}

function requireRecords(table: RankingTable, findings: readonly Finding[], path: string): void {
  if (table.records > 0) return;
  const first = findings.find((finding) => finding.severity === 'error') ?? findings.at(0);
  const at = first?.positions.at(0);
  const where = at === undefined ? path : `${path}:${at.line}:${at.column}`;
  throw new RunError(
    first === undefined
      ? `${path} holds no rankings, so there is nothing to learn from.`
      : `${path} holds no ranking that can be used. ${where}: ${first.message}`,
  );
}

function failure(error: unknown): string {
  const expected = [RunError, DatasetError, UnfitDataError, DeviceError, ModelError, TrainingError].some(
    (kind) => error instanceof kind,
  );
  if (expected) return (error as Error).message;
  return `Something unexpected went wrong: ${error instanceof Error ? error.message : String(error)}`;
}
