import path from 'node:path';
import type { Command } from 'commander';
import type { TypesChoice } from '../protocol/experiment';
import type { RunState } from '../protocol/run';
import { listRuns, projectOf } from '../run/directory';
import { readEvents } from '../run/events';
import { readLabel } from '../run/label';
import { readManifest } from '../run/manifest';
import { pinnedRun } from '../run/pinned';
import { RunError } from '../run/run-error';
import { readState } from '../run/state';
import { oneLine, textTable } from './terminal';

/** One line of the list. */
interface ListedRun {
  readonly directory: string;
  readonly name: string;
  /** `damaged` where its files cannot be read. */
  readonly state: RunState | 'damaged';
  readonly created: string | null;
  readonly dataset: string | null;
  /** A number, a list or `auto`, as it was asked for. */
  readonly types: TypesChoice | null;
  /** Of a finished run. */
  readonly logLikelihood: number | null;
  readonly pinned: boolean;
}

export function addRuns(program: Command): void {
  program
    .command('runs')
    .summary('list the runs of a project and what became of them')
    .description(
      'List the runs under .emdpo/runs of the project that holds a folder, newest first, and what became of each: running, finished, failed, stopped, or dead where its process ended without a word.',
    )
    .argument('[folder]', 'folder of the project; the current one by default')
    .option('--json', 'print them as JSON')
    .action(async (folder: string | undefined, { json }: { json?: true }) => {
      const project = await projectOf(path.join(path.resolve(folder ?? '.'), 'run.json'));
      const pinned = await pinnedRun(project);
      const directories = await listRuns(project);
      const runs = await Promise.all(directories.map((each) => listed(each, pinned)));
      process.stdout.write(json ? JSON.stringify({ project, runs }, null, 2) + '\n' : inWords(project, runs));
    });
}

async function listed(directory: string, pinned: string | undefined): Promise<ListedRun> {
  const nothing = { created: null, dataset: null, types: null, logLikelihood: null };
  const known = { directory, name: path.basename(directory), pinned: directory === pinned };
  try {
    const manifest = await readManifest(directory);
    const { events } = await readEvents(directory);
    const end = events.findLast((event) => event.type === 'finished');
    return {
      ...known,
      name: (await readLabel(directory)) ?? manifest?.name ?? known.name,
      state: await readState(directory, events),
      created: manifest?.created ?? events.at(0)?.time ?? null,
      dataset: manifest?.dataset.path ?? null,
      types: manifest?.experiment.types ?? null,
      logLikelihood: end?.type === 'finished' ? end.logLikelihood : null,
    };
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    return { ...known, ...nothing, state: 'damaged' };
  }
}

const WORDS: Readonly<Record<ListedRun['state'], string>> = {
  created: 'starting',
  running: 'running',
  finished: 'finished',
  failed: 'failed',
  cancelled: 'stopped',
  dead: 'dead: its process ended without a word',
  damaged: 'damaged',
};

function inWords(project: string, runs: readonly ListedRun[]): string {
  if (runs.length === 0) return `${project} has no runs yet. “emdpo train FILE” makes one.\n`;
  const here = (directory: string) => path.relative(process.cwd(), directory) || '.';
  const rows = runs.map(({ state, name, pinned, created, types, logLikelihood, directory }) => [
    WORDS[state],
    oneLine(name, 30) + (pinned ? ' (baseline)' : ''),
    created === null ? '–' : created.slice(0, 16).replace('T', ' '),
    types === null ? '–' : [types].flat().join(','),
    logLikelihood === null ? '–' : logLikelihood.toFixed(2),
    here(directory),
  ]);
  const open = runs.find(({ state }) => ['dead', 'cancelled', 'failed'].includes(state));
  return [
    textTable(
      [['state', 'name', 'started (UTC)', 'types', 'log-likelihood', 'run directory'], ...rows],
      [3, 4],
    ),
    ...(open ? [`go on with one that did not finish: emdpo resume ${here(open.directory)}`] : []),
    '',
  ].join('\n');
}
