// One fit, or several numbers of types: seconds and processor time, without reading or making the data. With a folder as
// writeTo, it writes the data there for peers instead.
import { readDataset } from '../../../src/dataset/read';
import type { RankingTable } from '../../../src/dataset/table';
import { useThreads } from '../../../src/compute/kernels/wasm/machine';
import { chooseAlternatives, makeModel } from '../../../src/policy/make-model';
import { fitMixture } from '../../../src/training/fit';
import { makeProblem } from '../../../src/training/problem';
import { runEm } from '../../../src/training/em';
import { makeStart } from '../../../src/training/starts';
import { simulatedItems, type Items } from './items';
import { writeForPeers, type PeerData } from './peer-data';

export type FitTask =
  | {
      readonly kind: 'file';
      readonly file: string;
      readonly types: readonly number[];
      readonly starts: number;
      readonly threads: number;
    }
  | {
      readonly kind: 'items';
      readonly annotators: number;
      readonly types: number;
      readonly threads: number;
      /** Absent: to convergence. */
      readonly iterations?: number;
    };

export interface FitTimes {
  readonly seconds: number;
  readonly processor: number;
  readonly iterations: number;
  readonly logLikelihood: number[];
}

const breathe = () => Promise.resolve();
const PRIOR = 0;
/** The second start is a random one. */
const RANDOM = 1;

async function timed(work: () => Promise<Pick<FitTimes, 'iterations' | 'logLikelihood'>>): Promise<FitTimes> {
  const used = process.cpuUsage();
  const began = performance.now();
  const done = await work();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(used);
  return { ...done, seconds, processor: (user + system) / 1e6 };
}

function itemsOf(table: RankingTable): Items {
  const policy = { kind: 'tabular', over: 'auto' } as const;
  const alternatives = chooseAlternatives(table, policy);
  const treatment = { unranked: table.unranked, ties: 'average' } as const;
  const problem = makeProblem(table, alternatives.of, alternatives.count, treatment);
  return { problem, model: makeModel(table, policy, alternatives, problem.components) };
}

async function fitFile({ file, types, starts }: FitTask & { kind: 'file' }): Promise<FitTimes> {
  const { table } = await readDataset(file);
  return timed(async () => {
    const { problem, model } = itemsOf(table);
    const logLikelihood: number[] = [];
    let iterations = 0;
    for (const k of types) {
      const fit = await fitMixture(problem, model, {
        ...{ types: k, starts, seed: 1, prior: PRIOR, tolerance: 1e-9, iterations: 5000, breathe },
        onIteration: () => iterations++,
      });
      logLikelihood.push(fit.logLikelihood);
    }
    return { iterations, logLikelihood };
  });
}

const oneStart = async ({ problem, model }: Items, types: number) =>
  (await makeStart(problem, model, types, 1, RANDOM, { prior: PRIOR, breathe })).mixture;

async function fitItems({ annotators, types, iterations }: FitTask & { kind: 'items' }): Promise<FitTimes> {
  const items = simulatedItems(annotators);
  const run = async (most: number) =>
    runEm(items.problem, items.model, await oneStart(items, types), {
      ...{ prior: PRIOR, tolerance: iterations === undefined ? 1e-8 : 0, iterations: most, breathe },
      onIteration: () => undefined,
    });
  // the compiler of JavaScript warms up on the first of what is to be compared
  if (iterations !== undefined) await run(2);
  return timed(async () => {
    const fit = await run(iterations ?? 2000);
    return { iterations: fit.iterations, logLikelihood: [fit.logLikelihood] };
  });
}

async function write(task: FitTask, folder: string): Promise<PeerData> {
  if (task.kind === 'file')
    return writeForPeers(itemsOf((await readDataset(task.file)).table).problem, folder);
  const items = simulatedItems(task.annotators);
  return writeForPeers(items.problem, folder, (await oneStart(items, task.types)).theta);
}

const { writeTo, ...task } = JSON.parse(process.argv[2]) as FitTask & { writeTo?: string };
useThreads(task.threads);
const answer =
  writeTo !== undefined
    ? await write(task, writeTo)
    : task.kind === 'file'
      ? await fitFile(task)
      : await fitItems(task);
console.log(JSON.stringify(answer));
