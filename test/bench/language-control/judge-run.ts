import path from 'node:path';
import { languageSampler } from '../../../src/aggregate/language/language-sampler';
import { readPolicies } from '../../../src/aggregate/language/policies';
import type { PolicySource } from '../../../src/aggregate/language/policy-source';
import { openDevice } from '../../../src/compute/devices/open';
import type { Candidate, RunResult } from '../../../src/protocol/result';
import { random } from '../../../src/random';
import { bestMatching } from '../../../src/training/labels';
import { rewardOf, TYPES } from './population';
import type { TrainedRun } from './run';
import { measure, PROMPTS, type TextAttributes } from './texts';

/** A mean with its 95 % interval. */
export interface Interval {
  readonly mean: number;
  readonly from: number;
  readonly to: number;
}

export interface JudgedRun {
  readonly result: RunResult;
  readonly ideal: number;
  /** Found type of each planted one. */
  readonly found: readonly number[];
  /** By planted type: planted reward of what its policy writes, less that of what the reference writes. */
  readonly moves: readonly Interval[];
  /** By planted type: mean attributes of what its policy writes, and last of what the reference writes. */
  readonly attributes: readonly TextAttributes[];
  /** Worst regret of the planted types under the planted rewards, by policy. */
  readonly worst: Readonly<Record<'plain-dpo' | 'mixture' | 'distilled', Interval>>;
  /** Plain DPO's worst regret less the mixture's, on the same prompts. */
  readonly gain: Interval;
  /** The distilled policy's worst regret lies within the interval that the run gives for the mixture's. */
  readonly distilledWithin: boolean;
}

const RESPONSES = 8;
const DRAWS = 2000;

/** Draws new responses from every policy of the run and scores them with what was planted. */
export async function judgeRun(
  { directory, result }: TrainedRun,
  seed: number,
  ideal: number,
  threads: number,
): Promise<JudgedRun> {
  const policies = await readPolicies(path.join(directory, 'policies'));
  const executor = await openDevice('onnxruntime/cpu', threads);
  const sampler = languageSampler({
    executor,
    policies,
    prompts: PROMPTS.map((prompt) => policies.model.tokenizer.encodePrompt(prompt)),
    population: PROMPTS.length,
    // not the responses that the run itself drew
    seed: seed + 0x1000,
    sampling: { temperature: 1, topP: 1, maxTokens: 144 },
  });
  const write = async (source: PolicySource) =>
    (await sampler.write(source, RESPONSES)).map(({ text }) => text);
  const confusion = confusionOf(result);
  const found = bestMatching(confusion);
  try {
    const own: string[][] = [];
    for (const type of found) own.push(await write({ kind: 'type', type }));
    const reference = await write({ kind: 'reference' });
    const singles = {
      'plain-dpo': await write({ kind: 'plain-dpo' }),
      mixture: await write({ kind: 'mixture', weights: result.regret.weights }),
      distilled: await write({ kind: 'distilled' }),
    };
    // planted types × prompts: mean reward of a policy's responses to each prompt
    const rewards = (texts: readonly string[], type: number) =>
      PROMPTS.map((_, x) => {
        const some = texts.slice(x * RESPONSES, (x + 1) * RESPONSES);
        return some.reduce((sum, text) => sum + rewardOf(TYPES[type], text), 0) / RESPONSES;
      });
    const regrets = (texts: readonly string[]) =>
      TYPES.map((_, type) => {
        const best = rewards(own[type], type);
        return rewards(texts, type).map((reward, x) => best[x] - reward);
      });
    const by = {
      'plain-dpo': regrets(singles['plain-dpo']),
      mixture: regrets(singles.mixture),
      distilled: regrets(singles.distilled),
    };
    const candidate = (kind: Candidate['kind']) => result.candidates.find((each) => each.kind === kind)!;
    const [from, to] = candidate('mixture').worstInterval!;
    return {
      result,
      ideal,
      found,
      moves: TYPES.map((_, type) => {
        const after = rewards(own[type], type);
        const before = rewards(reference, type);
        return bootstrap(seed, (prompts) => mean(prompts.map((x) => after[x] - before[x])));
      }),
      attributes: [...own, reference].map(meanAttributes),
      worst: {
        'plain-dpo': bootstrap(seed, (prompts) => worstOf(by['plain-dpo'], prompts)),
        mixture: bootstrap(seed, (prompts) => worstOf(by.mixture, prompts)),
        distilled: bootstrap(seed, (prompts) => worstOf(by.distilled, prompts)),
      },
      gain: bootstrap(seed, (prompts) => worstOf(by['plain-dpo'], prompts) - worstOf(by.mixture, prompts)),
      distilledWithin: candidate('distilled').worst >= from && candidate('distilled').worst <= to,
    };
  } finally {
    await sampler.dispose();
    await executor.dispose();
  }
}

/** Rows in the order of TYPES. */
function confusionOf({ known }: RunResult): readonly (readonly number[])[] {
  if (known === undefined) throw new Error('The control names its types.');
  return TYPES.map(({ name }) => known.confusion[known.names.indexOf(name)]);
}

function worstOf(regrets: readonly (readonly number[])[], prompts: readonly number[]): number {
  return Math.max(...regrets.map((byPrompt) => mean(prompts.map((x) => byPrompt[x]))));
}

/** Over prompts: responses to one prompt resemble each other. */
function bootstrap(seed: number, statistic: (prompts: readonly number[]) => number): Interval {
  const source = random(seed, 0xb007);
  const all = PROMPTS.map((_, x) => x);
  const drawn = Array.from({ length: DRAWS }, () => statistic(all.map(() => source.below(all.length))));
  drawn.sort((a, b) => a - b);
  return {
    mean: statistic(all),
    from: drawn[Math.round(0.025 * DRAWS)],
    to: drawn[Math.round(0.975 * DRAWS) - 1],
  };
}

function meanAttributes(texts: readonly string[]): TextAttributes {
  const all = texts.map(measure);
  return {
    length: mean(all.map(({ length }) => length)),
    formality: mean(all.map(({ formality }) => formality)),
    topic: mean(all.map(({ topic }) => topic)),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
