import { languageSampler } from '../../../src/aggregate/language/language-sampler';
import { monteCarloRegret } from '../../../src/aggregate/language/monte-carlo-regret';
import { minMax } from '../../../src/regret/min-max';
import type { Baseline } from '../../../src/protocol/result';
import { random } from '../../../src/random';
import { METHOD_ORDER } from '../../../src/run/baselines/method-names';
import { adjustedRand, hardLabels } from '../../../src/training/labels';
import type { LanguageMethod } from '../../../src/training/language/methods';
import type { Interval } from '../language-control/judge-run';
import { rewardOf, type PlantedType } from '../language-control/population';
import { PROMPTS } from '../language-control/texts';
import type { ComparedModels } from './train';

export interface JudgedMethod {
  readonly kind: Baseline['kind'];
  /** Of the method's types in its single policy, largest share first. */
  readonly weights: readonly number[];
  /** By planted type: mean planted regret. */
  readonly regret: readonly number[];
  readonly worst: Interval;
  /** Worst regret less that of EM-DPO with min-max, on the same prompts. */
  readonly behind: Interval;
  /** The least worst regret that any mixture of the method’s types has under the planted rewards. */
  readonly least: number;
  /** Of the assignment with the planted types. */
  readonly rand: number;
}

const RESPONSES = 8;
const DRAWS = 2000;

/**
 * Draws responses of every method's policies, solves for each method's min-max weights by its own rewards, and judges
 * new responses by the planted ones. A planted type's regret is against what the oracle's policy for it writes, for all
 * methods alike.
 */
export async function judgeMethods(
  { methods, known, base, experiment, executor }: ComparedModels,
  planted: readonly PlantedType[],
  seed: number,
): Promise<JudgedMethod[]> {
  const { temperature, topP } = experiment.policy.sampling;
  try {
    const found = new Map<LanguageMethod['method'], Judged>();
    for (const [m, method] of methods.entries()) {
      const sampler = (own: number) =>
        languageSampler({
          executor,
          policies: { ...base, types: method.parameters },
          prompts: PROMPTS.map((prompt) => base.model.tokenizer.encodePrompt(prompt)),
          population: PROMPTS.length,
          seed: own,
          sampling: { temperature, topP, maxTokens: experiment.policy.responseTokens },
        });
      const forWeights = sampler(seed + 0x1000 * (2 * m + 1));
      // weights are not judged by the responses that chose them
      const forRewards = sampler(seed + 0x1000 * (2 * m + 2));
      const samples = [];
      const rewards: number[][][] = [];
      for (const type of method.parameters.keys()) {
        samples.push(await forWeights.sample({ kind: 'type', type }, RESPONSES));
        const texts = await forRewards.write({ kind: 'type', type }, RESPONSES);
        rewards.push(
          plantedRewards(
            planted,
            texts.map(({ text }) => text),
          ),
        );
      }
      await forWeights.dispose();
      await forRewards.dispose();
      const { weights } = minMax(monteCarloRegret(samples, [], PROMPTS.length).matrix);
      const labels = hardLabels(method.posterior, method.shares.length);
      found.set(method.method, { weights, rewards, rand: adjustedRand(known.typeOf, labels) });
    }
    return compared(found, planted, known.names, seed);
  } finally {
    await executor.dispose();
  }
}

interface Judged {
  readonly weights: readonly number[];
  /** By own type, planted type, prompt. */
  readonly rewards: readonly (readonly (readonly number[])[])[];
  readonly rand: number;
}

/** By planted type and by prompt: mean over the responses. */
function plantedRewards(planted: readonly PlantedType[], texts: readonly string[]): number[][] {
  return planted.map((type) =>
    PROMPTS.map((_, x) =>
      mean(texts.slice(x * RESPONSES, (x + 1) * RESPONSES).map((t) => rewardOf(type, t))),
    ),
  );
}

/** @param names of the planted types, in the order of the oracle's policies */
function compared(
  found: ReadonlyMap<LanguageMethod['method'], Judged>,
  planted: readonly PlantedType[],
  names: readonly string[],
  seed: number,
): JudgedMethod[] {
  const oracle = found.get('oracle')!;
  const best = planted.map(({ name }, type) => oracle.rewards[names.indexOf(name)][type]);
  const singles = [...found].flatMap(([method, judged]) => {
    const equal = judged.weights.map(() => 1 / judged.weights.length);
    return [
      { ...judged, kind: method },
      ...(method === 'em-min-max' ? [{ ...judged, kind: 'em-uniform' as const, weights: equal }] : []),
    ];
  });
  singles.sort((a, b) => METHOD_ORDER.indexOf(a.kind) - METHOD_ORDER.indexOf(b.kind));
  const regrets = singles.map(({ weights, rewards }) =>
    best.map((own, type) =>
      own.map((reward, x) => reward - weights.reduce((sum, w, k) => sum + w * rewards[k][type][x], 0)),
    ),
  );
  const worst = (p: number, prompts: readonly number[]) =>
    Math.max(...regrets[p].map((byPrompt) => mean(prompts.map((x) => byPrompt[x]))));
  return singles.map(({ kind, weights, rewards, rand }, p) => ({
    kind,
    weights,
    regret: regrets[p].map(mean),
    worst: bootstrap(seed, (prompts) => worst(p, prompts)),
    least: leastWorst(best, rewards),
    behind: bootstrap(seed, (prompts) => worst(p, prompts) - worst(0, prompts)),
    rand,
  }));
}

/** What the weights alone cost is the distance from it. One policy has no weights to choose. */
function leastWorst(best: readonly (readonly number[])[], rewards: Judged['rewards']): number {
  const matrix = best.map((own, type) => rewards.map((by) => mean(own) - mean(by[type])));
  return rewards.length === best.length ? minMax(matrix).unclipped : Math.max(...matrix.flat());
}

/** Over prompts, the same draws each time: responses to one prompt resemble each other. */
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

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
