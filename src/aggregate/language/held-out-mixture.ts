import { minMax } from '../../regret/min-max';
import { estimate, type ByPrompt, type Estimate } from './clustered';
import { monteCarloRegret, regretByPrompt } from './monte-carlo-regret';
import { halfOfPrompts, halfOfResponses, type SampledRatios } from './sampled-ratios';

/**
 * Regret of every type under the fair mixture, without the optimism of choosing weights on the samples that they are
 * judged by: the weights are chosen on one half and judged on the other, then the other way round, and the two are
 * averaged. The halves are prompts where the prompts are a sample, for what a prompt does to both halves would be
 * learnt otherwise; where all prompts were used they are the responses to each.
 *
 * @param types responses of each type's policy to prompts in random order
 * @throws RangeError where there is nothing to halve
 */
export function heldOutMixture(
  types: readonly SampledRatios[],
  protection: readonly number[],
  population: number,
): Estimate[] {
  const { prompts } = types[0];
  const byPrompts = prompts < population;
  if (byPrompts ? prompts < 2 : types.some(({ responses }) => responses < 2)) {
    throw new RangeError(
      'Weights cannot be judged on samples of their own: give at least two prompts, and two responses to each.',
    );
  }
  const halves = ([0, 1] as const).map((which) =>
    types.map((samples) => (byPrompts ? halfOfPrompts : halfOfResponses)(samples, which)),
  );
  const folds = halves.map((chosenOn, which) => {
    const { matrix, protection: c } = monteCarloRegret(chosenOn, protection, population);
    const { weights } = minMax(matrix);
    const judgedOn = halves[1 - which];
    return c.map((weight, i) =>
      regretByPrompt(
        judgedOn,
        i,
        weight,
        weights.map((coefficient, j) => ({ coefficient, samples: judgedOn[j] })),
      ),
    );
  });
  const join = byPrompts ? concatenated : averaged;
  return types.map((_, i) => estimate(join(folds[0][i], folds[1][i]), population));
}

function concatenated(a: ByPrompt, b: ByPrompt): ByPrompt {
  return {
    value: Float64Array.of(...a.value, ...b.value),
    noise: Float64Array.of(...a.noise, ...b.noise),
  };
}

/** The halves are different responses to the same prompts, so that their noise adds up independently. */
function averaged(a: ByPrompt, b: ByPrompt): ByPrompt {
  return {
    value: a.value.map((d, x) => (d + b.value[x]) / 2),
    noise: a.noise.map((v, x) => (v + b.noise[x]) / 4),
  };
}
