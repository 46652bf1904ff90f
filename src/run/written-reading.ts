import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { applyEdits, modify, parse } from 'jsonc-parser';
import type { UnrankedTreatment } from '../protocol/experiment';
import { EXPERIMENT_SUFFIX } from './experiment-suffix';

/** Which form a dataset has, and which of its columns play which roles. */
export interface Mapping {
  readonly form?: string;
  readonly columns?: Readonly<Record<string, string>>;
}

/** How an experiment file says that its dataset is to be read. */
export interface WrittenReading extends Mapping {
  /** Path of the experiment file. */
  readonly experiment: string;
  readonly unranked?: UnrankedTreatment;
}

/** Experiment files beside a dataset that are about it, the one changed last first. Those that are broken are none. */
export async function experimentsOn(dataset: string): Promise<WrittenReading[]> {
  const folder = path.dirname(dataset);
  const names = await readdir(folder).catch(() => []);
  const found: { reading: WrittenReading; changed: number }[] = [];
  for (const name of names.filter((each) => each.endsWith(EXPERIMENT_SUFFIX))) {
    const experiment = path.join(folder, name);
    try {
      const reading = readingIn(await readFile(experiment, 'utf8'), experiment, dataset);
      if (reading) found.push({ reading, changed: (await stat(experiment)).mtimeMs });
    } catch {
      // gone, or nobody may read it: it says nothing
    }
  }
  return found.sort((a, b) => b.changed - a.changed).map(({ reading }) => reading);
}

/** How the experiment beside a dataset that names its form or its columns, and was changed last, says it is to be read. */
export async function writtenReading(dataset: string): Promise<WrittenReading | undefined> {
  return (await experimentsOn(dataset)).find(
    ({ form, columns }) => form !== undefined || columns !== undefined,
  );
}

function readingIn(text: string, experiment: string, dataset: string): WrittenReading | undefined {
  const content: unknown = parse(text, [], { allowTrailingComma: true });
  if (typeof content !== 'object' || content === null || !('dataset' in content)) return undefined;
  const named = content.dataset;
  const written: unknown = typeof named === 'string' ? { path: named } : named;
  if (typeof written !== 'object' || written === null || !('path' in written)) return undefined;
  if (typeof written.path !== 'string') return undefined;
  if (path.resolve(path.dirname(experiment), written.path) !== path.resolve(dataset)) return undefined;
  const { form, columns, unranked } = written as Partial<Record<string, unknown>>;
  return {
    experiment,
    ...(typeof form === 'string' && { form }),
    ...(isMapping(columns) && { columns }),
    ...((unranked === 'offered' || unranked === 'absent') && { unranked }),
  };
}

function isMapping(columns: unknown): columns is Record<string, string> {
  return (
    typeof columns === 'object' &&
    columns !== null &&
    Object.values(columns).every((name) => typeof name === 'string')
  );
}

/** The text of an experiment file with another form and other columns of its dataset; all else stays, comments too. */
export function withMapping(text: string, { form, columns }: Mapping): string {
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol: text.includes('\r\n') ? '\r\n' : '\n' };
  const set = (before: string, at: string[], value: unknown) =>
    applyEdits(before, modify(before, at, value, { formattingOptions }));
  const content = parse(text, [], { allowTrailingComma: true }) as { dataset?: unknown };
  const named = content.dataset;
  if (typeof named === 'string') return set(text, ['dataset'], { path: named, form, columns });
  return set(set(text, ['dataset', 'form'], form), ['dataset', 'columns'], columns);
}
