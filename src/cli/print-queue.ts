import path from 'node:path';
import type { Queue, Queued, QueuedState } from '../run/queue/read-queue';
import { oneLine, painter, textTable, wrap } from './terminal';

/** Experiments that are over and are printed. */
const MOST_ENDED = 10;

const WORDS: Readonly<Record<QueuedState, string>> = {
  waiting: 'waiting',
  running: 'running',
  finished: 'finished',
  failed: 'failed',
  cancelled: 'stopped',
  dead: 'died',
};

/** A queue in words: what is over, what runs, what waits. */
export function printQueue(queue: Queue): string {
  const { project, waiting, started, ended, unreadable } = queue;
  const shown = ended.slice(-MOST_ENDED);
  const all = [...shown, ...started, ...waiting];
  const rows = all.map((each) => [
    each.id,
    oneLine(each.request.name, 40),
    stateWord(each, waiting.indexOf(each)),
    [each.request.types].flat().join(','),
    each.request.policy.kind,
    String(each.request.seed),
    each.directory === undefined ? '' : path.relative(process.cwd(), each.directory),
  ]);
  const bold = (text: string) => painter(process.stdout)('bold', text);
  const earlier = ended.length - shown.length;
  const lines = [
    bold(`queue of ${project}`),
    workerLine(queue),
    ...(earlier > 0 ? [`${earlier} more that are over (--json lists them)`] : []),
    ...(rows.length > 0
      ? ['', textTable([['id', 'experiment', 'state', 'types', 'policy', 'seed', 'run'], ...rows], [5])]
      : []),
    ...shown.flatMap(({ id, message }) => (message ? [wrap(`${id}: ${message}`, 110, '  ')] : [])),
    ...(unreadable > 0
      ? [`${unreadable} lines of its queue.jsonl cannot be understood and are passed over.`]
      : []),
  ];
  return lines.join('\n') + '\n';
}

function stateWord({ state, stage }: Queued, place: number): string {
  if (state === 'waiting') return `waiting, ${place === 0 ? 'next' : place + 1}`;
  return state === 'dead' && stage === 'started' ? 'died, goes on with emdpo queue run' : WORDS[state];
}

function workerLine({ worker, waiting, started, ended }: Queue): string {
  switch (worker.kind) {
    case 'alive':
      return `process ${worker.lock.pid} works through it`;
    case 'elsewhere':
      return `process ${worker.lock.pid} on ${worker.lock.host} works through it`;
    case 'unreadable':
      return 'its lock.json cannot be understood: if nobody works through it, delete that file';
    case 'dead':
      return `nobody works through it: process ${worker.lock.pid} is gone (emdpo queue run goes on)`;
    case 'nobody':
      return started.length + waiting.length + ended.length === 0
        ? 'it is empty (emdpo queue add FILE adds to it)'
        : 'nobody works through it (emdpo queue run does)';
  }
}

/** The same for programs. */
export function queueAsJson({ project, worker, waiting, started, ended, unreadable }: Queue): string {
  const experiments = [...ended, ...started, ...waiting].map(
    ({ id, state, stage, added, file, request, directory, message }) => ({
      id,
      name: request.name,
      state,
      over: stage === 'ended',
      added,
      file,
      runDirectory: directory ?? null,
      message: message ?? null,
      experiment: request,
    }),
  );
  const lock = 'lock' in worker ? { pid: worker.lock.pid, host: worker.lock.host } : {};
  return (
    JSON.stringify({ project, worker: { state: worker.kind, ...lock }, experiments, unreadable }, null, 2) +
    '\n'
  );
}
