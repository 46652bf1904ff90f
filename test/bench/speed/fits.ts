import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FitTask, FitTimes } from '../fit-speed/fit-ours';
import type { PeerData } from '../fit-speed/peer-data';
import { hasLibrary, python } from '../fit-speed/python';
import { least } from '../fit-speed/statistics';
import type { Cost, Row, Workload } from './table';

const root = path.resolve(import.meta.dirname, '../../..');
const data = path.resolve(root, '../shared/data');
const here = path.join(root, 'test/bench/fit-speed');
const NUMPY = 'EM in NumPy';
const STARTS = 20;

const REFERENCE = [
  { file: 'd_german.soc', types: [3], peer: 'PLMIX' },
  { file: 'german_parties_2009.jsonl', types: [1, 2, 3], peer: 'psychomix' },
] as const;

/** The peer stops sooner than ours, as its last digits would take most of its time. */
const NEAR = 1e-7;

/** Maximum likelihood of the reference datasets from 20 starts, to a gain of 10⁻⁹ nats per annotator and iteration. */
export function referenceWorkloads(rounds: number, say: (line: string) => void): Workload[] {
  return REFERENCE.filter(({ file }) => existsSync(path.join(data, file))).map(({ file, types, peer }) => {
    const task: FitTask = { kind: 'file', file: path.join(data, file), types, starts: STARTS, threads: 1 };
    const { ours, numpy } = besideNumpy(task, { types, starts: STARTS, tolerance: NEAR }, rounds, say);
    const rows: Row[] = [{ size: STARTS, ours, peers: { [NUMPY]: numpy, [peer]: undefined } }];
    return { name: `fit ${file}, K = ${types.join(', ')}`, unit: 'starts', rows };
  });
}

/** One random start of four types on five rankings of 4 among 100 items by each annotator, to 10⁻⁸. */
export function itemsWorkload(
  sizes: readonly number[],
  largestForPeer: number,
  rounds: number,
  say: (line: string) => void,
): Workload {
  const rows = sizes.map((size): Row => {
    const task: FitTask = { kind: 'items', annotators: size, types: 4, threads: 1 };
    const options = { types: [4], starts: 1, tolerance: 1e-8 };
    const { ours, numpy } = besideNumpy(task, size <= largestForPeer ? options : undefined, rounds, say);
    return { size, ours, peers: { [NUMPY]: numpy } };
  });
  return { name: 'fit items, K = 4, one start', unit: 'annotators × 5 rankings of 4', rows };
}

const ITERATIONS = 6;

/** What an iteration costs on the same kind of data, by the number of annotators or of types. */
export function iterationWorkload(
  by: 'annotators' | 'types',
  sizes: readonly number[],
  rounds: number,
): Workload {
  const rows = sizes.map((size): Row => {
    const task: FitTask = {
      ...{ kind: 'items', threads: 1, iterations: ITERATIONS },
      ...(by === 'annotators' ? { annotators: size, types: 4 } : { annotators: 20_000, types: size }),
    };
    const { seconds, processor } = cheapest(Array.from({ length: rounds }, () => timesOf(task)));
    return { size, ours: { seconds: seconds / ITERATIONS, processor: processor / ITERATIONS }, peers: {} };
  });
  const among = by === 'annotators' ? 'K = 4' : '20,000 annotators';
  const unit = by === 'annotators' ? 'annotators × 5 rankings of 4' : 'types';
  return { name: `an EM iteration, ${among}`, unit, rows };
}

interface PeerTask {
  readonly types: readonly number[];
  readonly starts: number;
  readonly tolerance: number;
}

function besideNumpy(
  task: FitTask,
  peer: PeerTask | undefined,
  rounds: number,
  say: (line: string) => void,
): { ours: Cost; numpy: Cost | undefined } {
  const ours = Array.from({ length: rounds }, () => timesOf(task));
  const numpy = peer && hasLibrary('numpy') ? fitNumpy(task, peer) : undefined;
  const told = (times: FitTimes) =>
    `${times.logLikelihood.map((value) => value.toFixed(3)).join(', ')} after ${times.iterations} iterations`;
  const what = task.kind === 'file' ? path.basename(task.file) : `${task.annotators} annotators`;
  say(`${what}: log-likelihood ${told(ours[0])}${numpy ? `; ${NUMPY} ${told(numpy)}` : ''}`);
  return { ours: cheapest(ours), numpy };
}

const cheapest = (times: readonly FitTimes[]): Cost => ({
  seconds: least(times.map(({ seconds }) => seconds)),
  processor: least(times.map(({ processor }) => processor)),
});

function fitOurs(task: FitTask & { readonly writeTo?: string }): unknown {
  const args = ['--import', 'tsx', path.join(here, 'fit-ours.ts'), JSON.stringify(task)];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' }));
}

const timesOf = (task: FitTask): FitTimes => fitOurs(task) as FitTimes;

function fitNumpy(task: FitTask, peer: PeerTask): FitTimes {
  const folder = mkdtempSync(path.join(tmpdir(), 'speed-fits-'));
  try {
    const told = { ...(fitOurs({ ...task, writeTo: folder }) as PeerData), ...peer };
    const args = [path.join(here, 'mixture_em_peer.py'), folder, JSON.stringify(told)];
    const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
    return JSON.parse(execFileSync(python, args, { encoding: 'utf8', env })) as FitTimes;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
