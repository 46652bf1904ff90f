import type { Population } from '../../../src/dataset/simulate/population';
import { random } from '../../../src/random';
import { ATTRIBUTES, measure, PROMPTS, writeAnswer, type TextAttributes } from './texts';

/** How many people there are, and how many answers to each prompt. */
export interface PopulationSize {
  readonly annotators: number;
  readonly answers: number;
}

export const SIZE: PopulationSize = { annotators: 120, answers: 4 };
/** Answers that one annotator is shown at most. */
const SHOWN = 4;

/** A planted type: what it wants, as utility of one unit of each attribute. */
export interface PlantedType {
  readonly name: string;
  readonly share: number;
  readonly weights: Readonly<Record<keyof TextAttributes, number>>;
}

export const TYPES: readonly PlantedType[] = [
  { name: 'courteous', share: 0.6, weights: { length: 0.6, formality: 1, topic: 0 } },
  { name: 'brisk', share: 0.2, weights: { length: -0.6, formality: -1, topic: 0.3 } },
  { name: 'outdoors', share: 0.2, weights: { length: 0, formality: 0, topic: 1.2 } },
];

/** The same people, but for the last type, which cares twice as much as before. */
export const WITH_INTENSE_TYPE: readonly PlantedType[] = TYPES.map((type, k) =>
  k < TYPES.length - 1 ? type : { ...type, weights: { ...type.weights, topic: 2 * type.weights.topic } },
);

/** Two types that want nearly the same, and a small one that wants the opposite: equal weights count the first twice. */
export const WITH_ALIKE_TYPES: readonly PlantedType[] = [
  { name: 'courteous', share: 0.45, weights: { length: 0.4, formality: 1.2, topic: 0 } },
  { name: 'thorough', share: 0.35, weights: { length: 1.2, formality: 0.4, topic: -0.3 } },
  { name: 'brisk', share: 0.2, weights: { length: -0.8, formality: -0.8, topic: 0.6 } },
];

export const POPULATIONS: Readonly<Partial<Record<string, readonly PlantedType[]>>> = {
  control: TYPES,
  intense: WITH_INTENSE_TYPE,
  alike: WITH_ALIKE_TYPES,
};

export function rewardOf({ weights }: PlantedType, text: string): number {
  const found = measure(text);
  return weights.length * found.length + weights.formality * found.formality + weights.topic * found.topic;
}

/** Annotators who each rank three or four of the answers to eight prompts of the grammar. */
export function textPopulation(seed: number, types = TYPES, { annotators, answers } = SIZE): Population {
  const source = random(seed, 0x7e87);
  return {
    attributes: { ...ATTRIBUTES },
    types,
    annotators: { count: annotators, records: [8, 8] },
    formats: [
      { format: 'ranking', of: 3, share: 0.5 },
      { format: 'ranking', of: SHOWN, share: 0.5 },
    ],
    noise: { scale: 0.65 },
    prompts: PROMPTS.map((prompt) => {
      const texts = new Set<string>();
      while (texts.size < answers) texts.add(writeAnswer(source));
      return { prompt, responses: [...texts].map((text) => ({ text, attributes: { ...measure(text) } })) };
    }),
  };
}
