import path from 'node:path';

/** Names of the files of a run directory (docs/run-directory.md). */
export const RUN_FILES = {
  manifest: 'run.json',
  events: 'events.jsonl',
  validation: 'validation.json',
  result: 'result.json',
  posterior: 'posterior.csv',
  iterations: 'iterations.json',
  report: 'report.html',
  lock: 'lock.json',
} as const;

export type RunFile = keyof typeof RUN_FILES;

export function runFile(directory: string, file: RunFile): string {
  return path.join(directory, RUN_FILES[file]);
}
