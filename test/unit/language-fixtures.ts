import type { Executor } from '../../src/compute/graph/executor';
import { cpuExecutor } from '../../src/compute/graph/executors/tfjs-cpu';
import { onnxruntimeExecutor } from '../../src/compute/graph/executors/onnxruntime';
import type { CanonicalRecord } from '../../src/dataset/canonical-line';
import type { LanguageModel } from '../../src/policy/transformer/language-model';
import { scratchModel } from '../../src/policy/transformer/scratch';
import { random } from '../../src/random';
import { makeProblem } from '../../src/training/problem';
import type { CheckpointFiles } from '../../src/training/language/checkpoint';
import { newLearner } from '../../src/training/language/learner';
import type { TrainablePolicy } from '../../src/training/language/policy';
import { encodeTexts } from '../../src/training/language/texts';
import { loraPolicy } from '../../src/training/language/transformer-policy';
import { usableRankings } from '../../src/training/language/usable';
import { programs, type Workbench } from '../../src/training/language/workbench';
import { tableOf } from './mixtures';

export const LORA = { rank: 4, alpha: 8, targets: 'all-linear' } as const;

export function tinyModel(seed = 1): LanguageModel {
  return scratchModel({ layers: 1, hidden: 16, heads: 2, positions: 256, seed });
}

export const onCpu = (): Promise<Executor> => cpuExecutor();
export const onOnnxruntime = (threads = 1): Promise<Executor> =>
  onnxruntimeExecutor({ provider: 'cpu', threads });

export interface BenchOptions {
  readonly executor: Executor;
  readonly model?: LanguageModel;
  readonly policy?: TrainablePolicy;
  readonly responseTokens?: number;
  readonly beta?: number;
}

/** A workbench over records, as training makes it. */
export async function benchOf(
  records: readonly CanonicalRecord[],
  {
    executor,
    model = tinyModel(),
    policy = loraPolicy(model, LORA),
    responseTokens = 64,
    beta = 0.1,
  }: BenchOptions,
): Promise<Workbench> {
  const table = await tableOf(records);
  const single = new Int32Array(table.responses.size).map((_, y) => y);
  const problem = makeProblem(table, single, single.length, { unranked: 'offered', ties: 'average' });
  const texts = encodeTexts(table, problem.rankings.option, model.tokenizer, {
    promptTokens: 64,
    responseTokens,
  });
  return {
    problem,
    texts,
    usable: usableRankings(problem, texts),
    policy,
    programs: programs(executor, policy, beta),
    beta,
    seed: 7,
    breathe: () => Promise.resolve(),
  };
}

/** A learner that differs from the reference everywhere, B of LoRA included. */
export function awayFromReference(policy: TrainablePolicy, seed: number, scale = 0.3) {
  const learner = newLearner(policy, seed);
  const source = random(seed, 99);
  for (const { data } of Object.values(learner.parameters)) {
    for (let i = 0; i < data.length; i++) data[i] += scale * source.normal();
  }
  return learner;
}

/** Records of every kind that a loss has to know: full, top-l, best of m, ties at the top, within and at the end, pairs. */
export const MIXED_RECORDS: readonly CanonicalRecord[] = [
  { annotator: 'a', prompt: 'Say', responses: ['yes', 'no', 'maybe so', 'well'], ranking: [2, 0, 1, 3] },
  { annotator: 'a', prompt: 'Say', responses: ['yes', 'no', 'maybe so', 'well'], ranking: [1] },
  { annotator: 'b', prompt: 'Say', responses: ['yes', 'no', 'maybe so', 'well'], ranking: [3, 1] },
  { annotator: 'b', prompt: 'Tell', responses: ['one', 'two two', 'three'], ranking: [[0, 2], 1] },
  { annotator: 'c', prompt: 'Tell', responses: ['one', 'two two', 'three'], ranking: [1, [0, 2]] },
  { annotator: 'c', prompt: 'Tell', responses: ['one', 'two two', 'three', 'f'], ranking: [3, [0, 1]] },
  { annotator: 'c', prompt: 'Ask', responses: ['why?', 'é🙂'], ranking: [1, 0], weight: 2 },
];

/** A folder of checkpoints that lies in memory. */
export function filesInMemory(): CheckpointFiles {
  const files = new Map<string, Uint8Array>();
  return {
    list: () => Promise.resolve([...files.keys()]),
    read: (name) => Promise.resolve(files.get(name)!),
    write: (name, content) => {
      files.set(name, Uint8Array.from(content));
      return Promise.resolve();
    },
    remove: (name) => {
      files.delete(name);
      return Promise.resolve();
    },
  };
}
