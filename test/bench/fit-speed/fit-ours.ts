// One fit, or several numbers of types: seconds and processor time, without reading or making the data.
import { readDataset } from '../../../src/dataset/read';
import { connectAlternatives } from '../../../src/compute/components';
import { useThreads } from '../../../src/compute/kernels/wasm/machine';
import { chooseAlternatives, makeModel } from '../../../src/policy/make-model';
import { tabular } from '../../../src/policy/tabular';
import type { RewardModel } from '../../../src/policy/reward-model';
import { random } from '../../../src/random';
import { fitMixture } from '../../../src/training/fit';
import { makeProblem, type Problem } from '../../../src/training/problem';
import { runEm } from '../../../src/training/em';
import { makeStart } from '../../../src/training/starts';

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

const RECORDS = 5;
const OFFERED = 4;
const ITEMS = 100;
const TRUE_TYPES = 4;

/** Full rankings of 4 among 100 items by annotators of four types. */
function simulatedItems(annotators: number): { problem: Problem; model: RewardModel } {
  const source = random(7);
  const rewards = Array.from({ length: TRUE_TYPES }, () =>
    Float64Array.from({ length: ITEMS }, () => 1.5 * source.normal()),
  );
  const count = annotators * RECORDS;
  const option = new Int32Array(count * OFFERED);
  const keys = new Float64Array(OFFERED);
  for (let h = 0, o = 0; h < annotators; h++) {
    const reward = rewards[source.below(TRUE_TYPES)];
    for (let r = 0; r < RECORDS; r++, o += OFFERED) {
      for (let i = 0; i < OFFERED; i++) {
        let item = source.below(ITEMS);
        while (option.subarray(o, o + i).includes(item)) item = source.below(ITEMS);
        const key = reward[item] + source.gumbel();
        let at = i;
        for (; at > 0 && keys[at - 1] < key; at--) {
          keys[at] = keys[at - 1];
          option[o + at] = option[o + at - 1];
        }
        keys[at] = key;
        option[o + at] = item;
      }
    }
  }
  const rankings = {
    count,
    alternatives: ITEMS,
    start: new Uint32Array(count + 1).map((_, r) => OFFERED * r),
    option,
    level: new Uint16Array(option.length).map((_, o) => o % OFFERED),
    tied: new Uint8Array(count),
    largest: OFFERED,
  };
  const components = connectAlternatives(rankings);
  const problem: Problem = {
    rankings,
    rankingLine: new Uint32Array(count),
    components,
    annotators,
    records: count,
    profiles: annotators,
    profileCount: new Float64Array(annotators).fill(1),
    profileStart: new Uint32Array(annotators + 1).map((_, p) => RECORDS * p),
    profileRanking: new Int32Array(count).map((_, r) => r),
    profileWeight: new Float64Array(count).fill(1),
    profileOf: new Int32Array(annotators).map((_, h) => h),
    anonymousRecord: new Int32Array(0),
    treatment: {
      unranked: 'offered',
      ties: 'average',
      droppedTies: 0,
      droppedSingle: 0,
      anonymous: 0,
      emptied: 0,
    },
  };
  return { problem, model: tabular(components) };
}

const breathe = () => Promise.resolve();
const task = JSON.parse(process.argv[2]) as FitTask;
useThreads(task.threads);

async function timed(work: () => Promise<Pick<FitTimes, 'iterations' | 'logLikelihood'>>): Promise<FitTimes> {
  const used = process.cpuUsage();
  const began = performance.now();
  const done = await work();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(used);
  return { ...done, seconds, processor: (user + system) / 1e6 };
}

async function fitFile({ file, types, starts }: FitTask & { kind: 'file' }): Promise<FitTimes> {
  const { table } = await readDataset(file);
  const policy = { kind: 'tabular', over: 'auto' } as const;
  return timed(async () => {
    const alternatives = chooseAlternatives(table, policy);
    const treatment = { unranked: table.unranked, ties: 'average' } as const;
    const problem = makeProblem(table, alternatives.of, alternatives.count, treatment);
    const model = makeModel(table, policy, alternatives, problem.components);
    const logLikelihood: number[] = [];
    let iterations = 0;
    for (const k of types) {
      const fit = await fitMixture(problem, model, {
        ...{ types: k, starts, seed: 1, prior: 0, tolerance: 1e-9, iterations: 5000, breathe },
        onIteration: () => iterations++,
      });
      logLikelihood.push(fit.logLikelihood);
    }
    return { iterations, logLikelihood };
  });
}

async function fitItems({ annotators, types, iterations }: FitTask & { kind: 'items' }): Promise<FitTimes> {
  const { problem, model } = simulatedItems(annotators);
  const run = async (most: number) => {
    const start = await makeStart(problem, model, types, 1, 1, { prior: 0.1, breathe });
    return runEm(problem, model, start.mixture, {
      ...{ prior: 0.1, tolerance: iterations === undefined ? 1e-8 : 0, iterations: most, breathe },
      onIteration: () => undefined,
    });
  };
  // the compiler of JavaScript warms up on the first of what is to be compared
  if (iterations !== undefined) await run(2);
  return timed(async () => {
    const fit = await run(iterations ?? 2000);
    return { iterations: fit.iterations, logLikelihood: [fit.logLikelihood] };
  });
}

const times = task.kind === 'file' ? await fitFile(task) : await fitItems(task);
console.log(JSON.stringify(times));
