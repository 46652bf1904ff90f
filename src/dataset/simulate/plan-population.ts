import { random } from '../../random';
import { checkPopulation } from './check-population';
import type { KnownPrompt, Plan } from './plan';
import type { Population, PopulationPrompt, PopulationType } from './population';

const TASTE_STREAM = 1;

/**
 * The rewards of a population:
 * r_k(x, y) = scale · weights_kᵀ attributes(y) + taste_k(y), with taste_k(y) normal of the given standard deviation.
 *
 * @throws Error with a sentence for the person where the population contradicts itself
 */
export function planPopulation(population: Population, seed: number): Plan {
  for (const problem of checkPopulation(population)) throw new Error(problem.message);
  const { scale = 1, taste = 0, careless = 0, ties = 0 } = population.noise ?? {};
  const tastes = random(seed, TASTE_STREAM);
  const prompts = population.prompts.map((prompt): KnownPrompt => ({
    prompt: prompt.prompt,
    responses: prompt.responses.map((y) => y.text),
    rewards: population.types.map((type) =>
      attributeUtility(type, prompt).map((u) => scale * u + taste * tastes.normal()),
    ),
    features: population.writeFeatures
      ? prompt.responses.map((y) =>
          Object.fromEntries(Object.keys(population.attributes).map((a) => [a, own(y.attributes, a) ?? 0])),
        )
      : undefined,
  }));
  const { count, records, names = ['annotator'] } = population.annotators;
  const digits = String(count).length;
  return {
    types: population.types,
    annotators: count,
    annotatorName: (i) => `${names[i % names.length]}-${String(i + 1).padStart(digits, '0')}`,
    records,
    formats: population.formats,
    careless,
    ties,
    prompts,
  };
}

/** weightsᵀ attributes by response, with the topic's weights where the type has any. */
function attributeUtility(type: PopulationType, prompt: PopulationPrompt): number[] {
  const special = (prompt.topic !== undefined && type.topics && own(type.topics, prompt.topic)) || {};
  return prompt.responses.map((y) =>
    Object.entries(y.attributes).reduce(
      (sum, [name, value]) => sum + value * (own(special, name) ?? own(type.weights, name) ?? 0),
      0,
    ),
  );
}

/** Attribute and topic names are the user's: `constructor` must not find what every object inherits. */
function own<T>(values: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
