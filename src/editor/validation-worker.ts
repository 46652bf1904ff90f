import os from 'node:os';
import path from 'node:path';
import { parentPort } from 'node:worker_threads';
import { previewDataset } from '../dataset/preview';
import { readDataset, readText } from '../dataset/read';
import { validateInSteps } from '../identify/verdicts';
import type { AnnotatorRecords } from '../protocol/annotator';
import type { ValidationReport } from '../protocol/validation';
import { annotatorRecords } from '../run/annotator/annotator-records';
import { writtenReading, type WrittenReading } from '../run/written-reading';
import { isCurrent, openRun, type OpenedRun } from '../run/annotator/opened-run';
import type {
  AnnotatorRequest,
  CopyRequest,
  FromWorker,
  ToWorker,
  ValidationOutcome,
  ValidationRequest,
  Work,
  WorkPhase,
  WorkResult,
} from './diagnostics/worker-protocol';
import { copyWithoutTypes } from './language/copy-without-types';
import { keptTables } from './language/kept-tables';

// Reads and validates datasets off the extension host's thread. Every request gets one reply.

/** Numbers of types of which the editor says whether they can be told apart. */
const MIXTURES = [2, 3, 4, 5, 6];

/** Below the editor's own threads, so that typing goes first where there are too few cores. */
const NICE = 5;

// of this thread, on Linux; elsewhere it would be of the whole extension host
if (process.platform === 'linux') os.setPriority(0, NICE);

const tables = keptTables();
const running = new Map<number, AbortController>();

function post(message: FromWorker): void {
  parentPort?.postMessage(message);
}

function progressOf({ id }: Work, phase: WorkPhase): (done: number, total: number) => void {
  let shown = 0;
  return (done, total) => {
    // a message per percent, not per chunk, and one at the end
    if (total <= 0 || (done < total && done / total < shown + 0.01)) return;
    shown = done / total;
    post({ kind: 'progress', id, phase, done, total });
  };
}

async function validate(request: ValidationRequest, signal: AbortSignal): Promise<ValidationOutcome> {
  const written = await writtenReading(request.path);
  const options = { form: written?.form, columns: written?.columns, unranked: written?.unranked, signal };
  const { table, findings } =
    request.text === undefined
      ? await readDataset(request.path, { ...options, onProgress: progressOf(request, 'reading') })
      : await readText(request.text, { ...options, name: path.basename(request.path) });
  if (request.onlyIfRecognised && table.summary.form === 'none') return { recognised: false };
  if (request.document) tables.keep(request.document, table);
  const { types, information, advise } = request;
  const report = await validateInSteps(table, findings, {
    signal,
    onProgress: progressOf(request, 'validating'),
    types,
    information,
    advise: advise === undefined ? undefined : { measure: 'share', value: advise },
    mixtures: MIXTURES,
  });
  return { recognised: true, report: written ? withReading(report, written) : report };
}

/** The report, which says that the form and the columns were not those that the reader would have found. */
function withReading(report: ValidationReport, { experiment }: WrittenReading): ValidationReport {
  const said = `The form and the columns are those that ${path.basename(experiment)} names.`;
  return {
    ...report,
    dataset: { ...report.dataset, assumptions: [said, ...report.dataset.assumptions] },
  };
}

function copy(request: CopyRequest, signal: AbortSignal) {
  return copyWithoutTypes(request.from, request.to, { signal, onProgress: progressOf(request, 'reading') });
}

let opened: { readonly directory: string; readonly run: OpenedRun } | undefined;

async function annotator(request: AnnotatorRequest, signal: AbortSignal): Promise<AnnotatorRecords> {
  const { directory } = request;
  const kept = opened?.directory === directory && (await isCurrent(opened.run)) ? opened.run : undefined;
  const run = kept ?? (await openRun(directory, signal));
  opened = { directory, run };
  return annotatorRecords(run, request.annotator);
}

function resultOf(request: Work, signal: AbortSignal): Promise<WorkResult> {
  switch (request.kind) {
    case 'validate':
      return validate(request, signal);
    case 'copy':
      return copy(request, signal);
    case 'annotator':
      return annotator(request, signal);
    case 'preview':
      return previewDataset(request);
  }
}

async function answer(request: Work): Promise<void> {
  const { id } = request;
  const controller = new AbortController();
  running.set(id, controller);
  try {
    post({ kind: 'reply', id, ok: await resultOf(request, controller.signal) });
  } catch (error) {
    post({ kind: 'reply', id, err: error instanceof Error ? error.message : String(error) });
  } finally {
    running.delete(id);
  }
}

parentPort?.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'validate':
    case 'copy':
    case 'annotator':
    case 'preview':
      void answer(message);
      break;
    case 'describe':
      post({ kind: 'description', id: message.id, found: tables.describe(message.document, message.line) });
      break;
    case 'forget':
      tables.forget(message.uri);
      break;
    case 'cancel':
      running.get(message.id)?.abort(new Error('Cancelled.'));
  }
});
