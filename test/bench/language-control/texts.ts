import type { Random } from '../../../src/random';

/** What the planted types care about; each is in [−1, 1] for any text, written by the grammar or by a model. */
export interface TextAttributes {
  /** −1: at most 5 words; 1: at least 25. */
  readonly length: number;
  /** −1: every telling word is casual; 1: every one is formal. */
  readonly formality: number;
  /** −1: every telling word is about the city; 1: every one is about nature. */
  readonly topic: number;
}

export const ATTRIBUTES: Readonly<Record<keyof TextAttributes, string>> = {
  length: 'number of words, from -1 for 5 and fewer to 1 for 25 and more',
  formality: 'formal against casual words, from -1 to 1',
  topic: 'words about nature against words about the city, from -1 to 1',
};

const NATURE = [
  'walk in the forest',
  'row on the lake',
  'watch the birds',
  'climb the hill',
  'rest in the meadow',
];
const CITY = [
  'visit the museum',
  'hear the opera',
  'eat at the market',
  'tour the castle',
  'shop in the arcade',
];

const FORMAL_WORDS = new Set(['i', 'would', 'suggest', 'that', 'we', 'then', 'if', 'it', 'pleases', 'you']);
const CASUAL_WORDS = new Set(['lets', 'just', 'n', 'after', 'ok']);
const NATURE_WORDS = topicWords(NATURE, CITY);
const CITY_WORDS = topicWords(CITY, NATURE);

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const TIMES = ['morning', 'noon', 'afternoon', 'evening', 'night', 'early', 'late'];

/** All prompts there are, in a fixed order. */
export const PROMPTS: readonly string[] = DAYS.flatMap((day) =>
  TIMES.map((time) => `plans for ${day} ${time}?`),
);

/** One answer: one to three activities, of one topic, in one tone. */
export function writeAnswer(source: Random): string {
  const topic = source.below(2) === 0 ? NATURE : CITY;
  const activities = pick(source, topic, 1 + source.below(3));
  return source.below(2) === 0
    ? `I would suggest that we ${activities.join(' and then ')}, if it pleases you.`
    : `lets just ${activities.join(' n after ')} ok!`;
}

export function measure(text: string): TextAttributes {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  return {
    length: Math.min(1, Math.max(-1, (words.length - 15) / 10)),
    formality: balance(words, FORMAL_WORDS, CASUAL_WORDS),
    topic: balance(words, NATURE_WORDS, CITY_WORDS),
  };
}

function balance(words: readonly string[], plus: ReadonlySet<string>, minus: ReadonlySet<string>): number {
  const before = words.filter((word) => plus.has(word)).length;
  const behind = words.filter((word) => minus.has(word)).length;
  return before + behind === 0 ? 0 : (before - behind) / (before + behind);
}

function pick(source: Random, from: readonly string[], count: number): string[] {
  const left = [...from];
  return Array.from({ length: count }, () => left.splice(source.below(left.length), 1)[0]);
}

/** Words of one list of activities that the other does not use. */
function topicWords(own: readonly string[], other: readonly string[]): ReadonlySet<string> {
  const foreign = new Set(other.flatMap((activity) => activity.split(' ')));
  return new Set(own.flatMap((activity) => activity.split(' ')).filter((word) => !foreign.has(word)));
}
