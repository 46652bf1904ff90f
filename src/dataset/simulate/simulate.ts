import type { CanonicalRecord } from '../canonical-line';
import { judge, type Judgement, type SimulatedAnnotator } from './judge';
import { planParametric, type ParametricOptions } from './plan-parametric';
import { planPopulation } from './plan-population';
import type { Plan } from './plan';
import type { Population } from './population';
import { truthOf, type Truth } from './truth';

export interface Simulation {
  /** Made anew at each iteration, always the same: a large dataset never lies in memory. */
  readonly records: Iterable<CanonicalRecord>;
  readonly truth: Truth;
}

/**
 * Annotators of known types judge responses (Plackett–Luce choices under their type's rewards).
 *
 * @param seed whole number; the same population and seed give the same records
 * @throws Error with a sentence for the person where the population contradicts itself
 */
export function simulate(population: Population, seed: number): Simulation {
  return simulatePlan(planPopulation(population, checkedSeed(seed)), seed);
}

/** The same over linear types and normal features, without texts. */
export function simulateParametric(options: ParametricOptions, seed: number): Simulation {
  return simulatePlan(planParametric(options, checkedSeed(seed)), seed);
}

function simulatePlan(plan: Plan, seed: number): Simulation {
  return {
    records: { [Symbol.iterator]: () => recordsOf(plan, seed) },
    truth: truthOf(plan, seed, judge(plan, seed)),
  };
}

function* recordsOf(plan: Plan, seed: number): Generator<CanonicalRecord> {
  for (const annotator of judge(plan, seed)) {
    for (const judgement of annotator.judgements) yield recordOf(plan, annotator, judgement);
  }
}

function recordOf(plan: Plan, annotator: SimulatedAnnotator, judgement: Judgement): CanonicalRecord {
  const { prompt, shown, ranking } = judgement;
  const { features } = prompt;
  return {
    annotator: annotator.name,
    type: plan.types[annotator.type].name,
    prompt: prompt.prompt,
    responses: shown.map((y) => prompt.responses[y]),
    ranking,
    features: features && (shown.map((y) => features[y]) as CanonicalRecord['features']),
  };
}

function checkedSeed(seed: number): number {
  if (Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32) return seed;
  throw new Error(`The seed must be a whole number from 0 to ${2 ** 32 - 1}; it is ${seed}.`);
}
