import path from 'node:path';
import type { Command } from 'commander';
import { projectOf } from '../run/directory';
import { readExperiment } from '../run/experiment';
import { addToQueue, listsOf, moveInQueue, removeFromQueue } from '../run/queue/change-queue';
import type { Addition } from '../run/queue/change-queue';
import type { QueueEntry } from '../run/queue/fold';
import { readQueue } from '../run/queue/read-queue';
import { stopQueue } from '../run/queue/stop-queue';
import { requireFile } from '../run/require-file';
import { RunError } from '../run/run-error';
import { wholeNumber } from './parse';
import { printQueue, queueAsJson } from './print-queue';
import { runDetached } from './queue-detach';
import { runQueue } from './queue-run';
import { trainQueued } from './queue-train';
import { addTrainOptions, experimentPart } from './train-options';
import type { TrainFlags } from './train-options';
import { UsageError } from './usage-error';

interface Flags {
  readonly project?: string;
  readonly json?: true;
}

export function addQueue(program: Command): void {
  const queue = program
    .command('queue')
    .summary('run several experiments one after another')
    .description(
      'Experiments that wait, and the process that runs them one after another. Without a further word: what is in the queue.',
    );
  const verb = (words: string, description: string, options?: { isDefault?: true; hidden?: true }) =>
    queue
      .command(words, options)
      .description(description)
      .option('--project <dir>', 'folder whose queue is meant; that of the dataset, or the one you are in')
      .option('--json', 'print everything as JSON');

  verb('list', 'List what waits, runs and is over.', { isDefault: true }).action(list);
  addTrainOptions(
    verb('add <files...>', 'Add ranking files or *.emdpo.json at the end; flags win over experiment files.'),
  ).action(add);
  verb(
    'remove <experiments...>',
    'Take waiting experiments out, or those that are over off the list.',
  ).action(remove);
  verb('move <experiment> <place>', 'Move a waiting experiment to a place; 1 is next.').action(move);
  verb('run', 'Run what waits, one after another. Closing the terminal leaves it running; Ctrl-C stops it.')
    .option('--detach', 'return at once, and work through the queue in the background')
    .option('--quiet', 'tell no progress')
    .action(async (flags: Flags & { detach?: true; quiet?: true }) => {
      const project = await projectFor(flags);
      process.exitCode = flags.detach
        ? await runDetached(project, flags.json === true)
        : await runQueue(project, flags.json === true, flags.quiet === true);
    });
  verb('stop', 'Stop working through the queue. The run that is going is finished, unless --now is given.')
    .option('--now', 'stop that run, too; it goes on when the queue does')
    .action(stop);
  verb('train <id>', 'Train an experiment whose turn has come.', { hidden: true })
    .requiredOption('--run-dir <dir>')
    .option('--resume')
    .action(async (id: string, flags: Flags & { runDir: string; resume?: true }) => {
      process.exitCode = await trainQueued(
        await projectFor(flags),
        id,
        path.resolve(flags.runDir),
        flags.resume === true,
      );
    });
}

async function projectFor({ project }: Flags): Promise<string> {
  return project === undefined ? projectOf(path.resolve('any file here')) : path.resolve(project);
}

async function list(flags: Flags): Promise<void> {
  const queue = await readQueue(await projectFor(flags));
  process.stdout.write(flags.json ? queueAsJson(queue) : printQueue(queue));
}

async function add(files: readonly string[], flags: Flags & TrainFlags): Promise<void> {
  const part = experimentPart(flags);
  const byProject = new Map<string, Addition[]>();
  // one that cannot be added keeps all from being added
  for (const file of files) {
    const request = await readExperiment(file, part);
    await requireFile(request.dataset.path);
    const project =
      flags.project === undefined ? await projectOf(request.dataset.path) : path.resolve(flags.project);
    byProject.set(project, [...(byProject.get(project) ?? []), { file: path.resolve(file), request }]);
  }
  const added: { readonly project: string; readonly id: string; readonly name: string }[] = [];
  const lines: string[] = [];
  for (const [project, additions] of byProject) {
    const entries = await addToQueue(project, additions);
    const { waiting } = await listsOf(project);
    for (const { id, request } of entries) {
      added.push({ project, id, name: request.name });
      const place = waiting.findIndex((entry) => entry.id === id) + 1;
      lines.push(`${id}  ${request.name}${place > 0 ? `, number ${place} of those that wait` : ''}`);
    }
    const { worker } = await readQueue(project);
    const going = worker.kind === 'alive' || worker.kind === 'elsewhere';
    lines.push(
      going
        ? `queue of ${project}: process ${worker.lock.pid} works through it`
        : `queue of ${project}: nobody works through it (emdpo queue run${flags.project === undefined && (await projectFor({})) === project ? '' : ` --project ${project}`} does)`,
    );
  }
  process.stdout.write(flags.json ? JSON.stringify({ added }, null, 2) + '\n' : lines.join('\n') + '\n');
}

async function remove(experiments: readonly string[], flags: Flags): Promise<void> {
  const project = await projectFor(flags);
  const removed: string[] = [];
  const refused: string[] = [];
  const entries = await Promise.all(experiments.map((each) => entryNamed(project, each)));
  for (const { id, request } of entries) {
    const what = await removeFromQueue(project, id);
    if (what === 'running') refused.push(`${request.name} (${id}) is running. Stop its run first.`);
    else removed.push(id);
  }
  process.stdout.write(
    flags.json
      ? JSON.stringify({ removed, refused }, null, 2) + '\n'
      : removed.map((id) => `removed: ${id}\n`).join(''),
  );
  if (refused.length > 0) throw new RunError(refused.join('\n'));
}

async function move(experiment: string, place: string, flags: Flags): Promise<void> {
  const project = await projectFor(flags);
  const { id, request } = await entryNamed(project, experiment);
  if (!(await moveInQueue(project, id, placeOf(place))))
    throw new RunError(`${request.name} (${id}) does not wait any more.`);
  await list(flags);
}

function placeOf(text: string): number {
  try {
    return wholeNumber(1)(text);
  } catch {
    throw new UsageError(`The place "${text}" must be a whole number of at least 1. 1 is next.`);
  }
}

async function stop(flags: Flags & { now?: true }): Promise<void> {
  const project = await projectFor(flags);
  const { worker, lock, stopped } = await stopQueue(project, flags.now === true);
  if (worker === 'elsewhere' && lock) {
    throw new RunError(
      `Process ${lock.pid} on ${lock.host} works through the queue of ${project}. Stop it there.`,
    );
  }
  if (worker === 'none' && stopped.length === 0)
    throw new RunError(`Nobody works through the queue of ${project}: there is nothing to stop.`);
  const { started } = await readQueue(project);
  const goesOn = started.filter(({ state }) => state === 'running').map(({ directory }) => directory);
  if (flags.json) {
    process.stdout.write(JSON.stringify({ project, worker, stopped, running: goesOn }, null, 2) + '\n');
    return;
  }
  const lines = [
    ...(worker === 'stopped' ? [`stopped: nobody works through the queue of ${project} now`] : []),
    ...stopped.map(
      (directory) => `stopped: no process of ${directory} is left; it goes on with emdpo queue run`,
    ),
    ...goesOn.map((directory) => `still running: ${directory} (emdpo queue stop --now stops it, too)`),
  ];
  process.stdout.write(lines.join('\n') + '\n');
}

/** The experiment of an id, or the only one of a name. */
async function entryNamed(project: string, text: string): Promise<QueueEntry> {
  const { started, waiting, ended } = await listsOf(project);
  const all = [...started, ...waiting, ...ended];
  const byId = all.find(({ id }) => id === text);
  if (byId) return byId;
  const named = all.filter(({ request }) => request.name === text);
  const open = named.filter(({ stage }) => stage !== 'ended');
  const [one, another] = open.length > 0 ? open : named;
  if (named.length === 0)
    throw new UsageError(
      `There is no experiment "${text}" in the queue of ${project}. emdpo queue lists them.`,
    );
  if (another as QueueEntry | undefined)
    throw new UsageError(`There are several experiments "${text}" in the queue. Name one by its id.`);
  return one;
}
