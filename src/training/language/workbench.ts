import type { Executable, Executor } from '../../compute/graph/executor';
import type { Program } from '../../compute/graph/program';
import type { Problem } from '../problem';
import { dpoStep, embedding, predictionStep, scoring, type RankingShape } from './loss';
import type { TrainablePolicy } from './policy';
import type { BatchShape } from './batch-inputs';
import type { Texts } from './texts';
import type { UsableRankings } from './usable';

/** What every part of training works with: the data, the policy and the device. */
export interface Workbench {
  readonly problem: Problem;
  readonly texts: Texts;
  readonly usable: UsableRankings;
  readonly policy: TrainablePolicy;
  readonly programs: Programs;
  readonly beta: number;
  readonly seed: number;
  /** Called between batches: lets other work run, and stops training by throwing. */
  readonly breathe: () => Promise<void>;
}

/** Programs made ready for the device, one for each shape, when they are first asked for. */
export interface Programs {
  step(shape: BatchShape, ranking: RankingShape): Promise<Executable>;
  prediction(shape: BatchShape): Promise<Executable>;
  scoring(shape: BatchShape): Promise<Executable>;
  embedding(shape: BatchShape): Promise<Executable>;
  /** Frees all of them. */
  dispose(): Promise<void>;
}

export function programs(executor: Executor, policy: TrainablePolicy, beta: number): Programs {
  const cache = programCache(executor);
  return {
    step: (shape, ranking) =>
      cache.get(`step ${ranking.rankings} ${ranking.orders} ${ranking.options}`, shape, () =>
        dpoStep(policy, shape, ranking, beta),
      ),
    prediction: (shape) => cache.get('prediction', shape, () => predictionStep(policy, shape)),
    scoring: (shape) => cache.get('scoring', shape, () => scoring(policy, shape)),
    embedding: (shape) => cache.get('embedding', shape, () => embedding(policy, shape)),
    dispose: () => cache.dispose(),
  };
}

/** Programs by what they do and their shape, made ready when they are first asked for. */
export interface ProgramCache {
  get(key: string, shape: BatchShape, program: () => Program): Promise<Executable>;
  /** Frees all of them. */
  dispose(): Promise<void>;
}

export function programCache(executor: Executor): ProgramCache {
  const ready = new Map<string, Promise<Executable>>();
  return {
    get: (key, shape, program) => {
      const id = `${key} ${shape.rows} ${shape.length} ${shape.slots} ${shape.scored}`;
      const known = ready.get(id);
      if (known) return known;
      const compiled = executor.compile(program());
      ready.set(id, compiled);
      return compiled;
    },
    dispose: async () => {
      const all = [...ready.values()];
      ready.clear();
      for (const executable of await Promise.all(all)) await executable.dispose();
    },
  };
}
