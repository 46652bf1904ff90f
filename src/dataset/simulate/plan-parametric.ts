import { random, type Random } from '../../random';
import { optionsNeeded, type KnownPrompt, type Plan } from './plan';
import type { RecordFormat } from './population';

const TYPES_STREAM = 3;
const FEATURES_STREAM = 4;

/** A population without texts: linear types over standard normal features, which the records carry. */
export interface ParametricOptions {
  /** How many types, drawn at random with equal shares, or the types themselves. */
  readonly types: number | readonly ParametricType[];
  /** d, the number of features; may be left out where `types` gives the weights. */
  readonly features?: number;
  /** Shared prompts, or a new prompt with new features for each record. */
  readonly prompts: number | 'fresh';
  /** Responses per prompt. */
  readonly responses: number;
  readonly annotators: number;
  /** Records per annotator, or fewest and most. */
  readonly records: number | readonly [number, number];
  /** Full rankings of all responses when absent. */
  readonly formats?: readonly RecordFormat[];
  /** Multiplies the utilities: 1 when absent. */
  readonly scale?: number;
  readonly careless?: number;
  readonly ties?: number;
}

export interface ParametricType {
  readonly name?: string;
  /** The shares sum to 1. */
  readonly share: number;
  /** b_k: utility is scale · φ(x, y)ᵀ b_k. */
  readonly weights: readonly number[];
}

/**
 * Linear utilities u_k(x, y) = scale · φ(x, y)ᵀ b_k with φ ~ N(0, I). Types drawn at random have
 * b_k ~ N(0, 4/d · I), so that how well they can be told apart does not hang on d.
 *
 * @throws Error with a sentence for the person where options contradict each other
 */
export function planParametric(options: ParametricOptions, seed: number): Plan {
  const d = typeof options.types === 'number' ? options.features : options.types[0]?.weights.length;
  check(d !== undefined && isCount(d), 'Say how many features there are: a whole number of at least 1.');
  const { responses: m, scale = 1, careless = 0, ties = 0 } = options;
  const types = typesOf(options, d, random(seed, TYPES_STREAM));
  const formats = options.formats ?? [{ format: 'ranking', share: 1 }];
  checkOptions(options, d, types, formats);

  const draw = (source: Random, index: number): KnownPrompt => {
    const features = Array.from({ length: m }, () => Array.from({ length: d }, () => source.normal()));
    return {
      prompt: `Prompt ${index + 1}`,
      responses: features.map((_, i) => `Response ${i + 1} to prompt ${index + 1}`),
      rewards: types.map((type) =>
        features.map((phi) => scale * phi.reduce((sum, value, j) => sum + value * type.weights[j], 0)),
      ),
      features,
    };
  };
  const source = random(seed, FEATURES_STREAM);
  const digits = String(options.annotators).length;
  return {
    types,
    annotators: options.annotators,
    annotatorName: (i) => `annotator-${String(i + 1).padStart(digits, '0')}`,
    records: typeof options.records === 'number' ? [options.records, options.records] : options.records,
    formats,
    careless,
    ties,
    prompts:
      options.prompts === 'fresh' ? draw : Array.from({ length: options.prompts }, (_, x) => draw(source, x)),
  };
}

function typesOf(options: ParametricOptions, d: number, source: Random) {
  const { types } = options;
  if (typeof types !== 'number')
    return types.map((type, k) => ({ ...type, name: type.name ?? `Type ${k + 1}` }));
  check(isCount(types), 'The number of types must be a whole number of at least 1.');
  return Array.from({ length: types }, (_, k) => ({
    name: `Type ${k + 1}`,
    share: 1 / types,
    weights: Array.from({ length: d }, () => (2 / Math.sqrt(d)) * source.normal()),
  }));
}

function checkOptions(
  options: ParametricOptions,
  d: number,
  types: readonly ParametricType[],
  formats: readonly RecordFormat[],
): void {
  const {
    prompts,
    responses,
    annotators,
    records,
    scale = 1,
    careless = 0,
    ties = 0,
    features = d,
  } = options;
  const [fewest, most] = typeof records === 'number' ? [records, records] : records;
  check(features === d, `The types have ${d} weights each, but ${features} features are asked for.`);
  for (const type of types) {
    check(
      type.weights.length === d && type.weights.every(Number.isFinite),
      `Every type needs ${d} finite weights, one for each feature.`,
    );
  }
  checkShares(types, 'types');
  checkShares(formats, 'formats');
  check(prompts === 'fresh' || isCount(prompts), 'Prompts must be a whole number of at least 1, or "fresh".');
  check(
    Number.isInteger(responses) && responses >= 2,
    'Responses per prompt must be a whole number of at least 2.',
  );
  check(isCount(annotators), 'Annotators must be a whole number of at least 1.');
  check(
    isCount(fewest) && isCount(most) && fewest <= most,
    'Records per annotator must be whole numbers of at least 1, the fewest first.',
  );
  for (const format of formats) {
    const needed = optionsNeeded(format);
    check(
      Number.isInteger(needed) && needed >= 2 && needed <= responses,
      `The format ${format.format} shows ${needed} responses, but a prompt has ${responses}.`,
    );
    check(
      format.format !== 'top' || (isCount(format.top) && format.top < format.of),
      'The format top must rank at least 1 and fewer than it shows.',
    );
  }
  check(Number.isFinite(scale) && scale >= 0, 'The scale must be a number of at least 0.');
  check(careless >= 0 && careless <= 1, 'The share of careless annotators must be between 0 and 1.');
  check(ties >= 0 && ties <= 1, 'The share of ties must be between 0 and 1.');
}

function checkShares(parts: readonly { readonly share: number }[], what: string): void {
  const sum = parts.reduce((total, part) => total + part.share, 0);
  check(
    parts.every((part) => part.share >= 0) && Math.abs(sum - 1) <= 1e-6,
    `The shares of the ${what} must be at least 0 and sum to 1; they sum to ${Number(sum.toPrecision(6))}.`,
  );
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}

function check(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new Error(sentence);
}
