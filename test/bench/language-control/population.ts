import type { Population } from '../../../src/dataset/simulate/population';
import { random } from '../../../src/random';
import { ATTRIBUTES, measure, PROMPTS, writeAnswer, type TextAttributes } from './texts';

export const ANSWERS = 4;

/** What the planted types want, as utility of one unit of each attribute. */
export const TYPES: readonly {
  name: string;
  share: number;
  weights: Record<keyof TextAttributes, number>;
}[] = [
  { name: 'courteous', share: 0.6, weights: { length: 0.6, formality: 1, topic: 0 } },
  { name: 'brisk', share: 0.2, weights: { length: -0.6, formality: -1, topic: 0.3 } },
  { name: 'outdoors', share: 0.2, weights: { length: 0, formality: 0, topic: 1.2 } },
];

export function rewardOf(type: number, text: string): number {
  const { weights } = TYPES[type];
  const found = measure(text);
  return weights.length * found.length + weights.formality * found.formality + weights.topic * found.topic;
}

/** 120 annotators who each rank the answers to eight prompts of the grammar. */
export function textPopulation(seed: number, writeFeatures = false): Population {
  const source = random(seed, 0x7e87);
  return {
    attributes: { ...ATTRIBUTES },
    types: TYPES,
    annotators: { count: 120, records: [8, 8] },
    formats: [
      { format: 'ranking', of: 3, share: 0.5 },
      { format: 'ranking', of: ANSWERS, share: 0.5 },
    ],
    noise: { scale: 0.65 },
    writeFeatures,
    prompts: PROMPTS.map((prompt) => {
      const texts = new Set<string>();
      while (texts.size < ANSWERS) texts.add(writeAnswer(source));
      return { prompt, responses: [...texts].map((text) => ({ text, attributes: { ...measure(text) } })) };
    }),
  };
}
