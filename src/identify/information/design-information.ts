import type { DesignInformation } from '../../protocol/validation';
import { asPart, finish, type Steps } from '../../steps';
import type { Context } from '../context';
import { describeDirections } from './directions';
import { fisherInformation } from './fisher';
import { lanczosSpectrum } from './lanczos';
import { blockSpectrum, type BlockSpectrum } from './block-spectrum';
import { blocksOf, type Block } from './blocks';
import { designModelInSteps, gaugeOf, type DesignModel } from './model';
import { genericPoint, symmetricPoint } from './points';
import { scoreLength, type InformationOptions, type MixturePoint, type ScoreCount } from './scores';
import { dividedGroups, shiftsOfParts } from './parts';
import { sparseInformation } from './sparse-scores';
import { factoredSpectrum } from './factored-spectrum';
import { spectrum, type Spectrum } from './spectrum';

/** Beyond this many parameters information is not computed, unless the design falls into blocks. */
const MOST_PARAMETERS = 6000;
/** Up to this many the whole spectrum is computed, beyond only its ends. */
const FULL_SPECTRUM = 400;
/** Up to this many the ends come from a factor of the matrix, beyond the matrix is never formed. */
const LARGEST_MATRIX = 1500;
/** Cubes of the blocks' parameters, added up, beyond which they are not taken apart; and parameters of the largest. */
const MOST_BLOCK_WORK = 1e9;
const LARGEST_BLOCK = 400;
/** Parameters of all blocks together that a direction is written out for. */
const MOST_IN_BLOCKS = 1e5;
/** Multiplications for one information matrix. */
const BUDGET = 6e7;
/** As many texts are read in about the time that the information of one type takes. */
const TEXTS_LIKE_A_POINT = 20_000;
const SEED = 20251015;

/**
 * The Fisher test on the dataset's own design, at random parameters and at the symmetric worst case, for each number
 * of types the context is about. Empty for numbers of types with more parameters than can be taken apart.
 */
export function designInformation(context: Context): DesignInformation[] {
  return finish(designInformationSteps(context));
}

/** The same, with steps while texts are read and after each point: they advance about as time does. */
export function* designInformationSteps(context: Context): Steps<DesignInformation[]> {
  const asked = context.types.flatMap(pointsOf);
  const texts = context.table.responses.size / TEXTS_LIKE_A_POINT;
  let read = 0;
  const model = yield* asPart(designModelInSteps(context), (share) => {
    read = share * texts;
    return { done: read, total: texts + workOf(asked) };
  });
  if (model.design.annotators === 0) return [];
  const points = asked.filter(({ types }) => isTestable(model, types));
  const total = read + workOf(points);
  const found: DesignInformation[] = [];
  for (const { types, at } of points) {
    const pointAt = at === 'generic' ? genericPoint : symmetricPoint;
    found.push(informationAt(model, pointAt(model.model, model.alternatives, types, SEED), at));
    yield { done: read + workOf(points.slice(0, found.length)), total };
  }
  return found;
}

interface PointAsked {
  readonly types: number;
  readonly at: DesignInformation['at'];
}

/** One type has no symmetric worst case. */
function pointsOf(types: number): PointAsked[] {
  return types > 1
    ? [
        { types, at: 'generic' },
        { types, at: 'symmetric' },
      ]
    : [{ types, at: 'generic' }];
}

/** About how long points take, beside one of one type. */
function workOf(points: readonly PointAsked[]): number {
  return points.reduce((sum, { types }) => sum + types ** 2, 0);
}

/** Whether the information of a design can be taken apart in seconds. */
export function isTestable(design: DesignModel, types: number): boolean {
  return scoreLength(design.model, types) <= MOST_PARAMETERS || blocksFor(design, types) !== undefined;
}

/** Blocks of a large design, where it falls into such as can be decomposed. */
function blocksFor(design: DesignModel, types: number): readonly Block[] | undefined {
  const size = scoreLength(design.model, types);
  if (size <= FULL_SPECTRUM || size > MOST_IN_BLOCKS) return undefined;
  const blocks = blocksOf(design);
  const sizes = blocks.map(({ alternatives }) => types * alternatives.length);
  const work = sizes.reduce((sum, n) => sum + n ** 3, 0);
  const fits = sizes.length > 1 && work <= MOST_BLOCK_WORK && sizes.every((n) => n <= LARGEST_BLOCK);
  return fits ? blocks : undefined;
}

/** Information at one point, in words and numbers. */
export function informationAt(
  design: DesignModel,
  point: MixturePoint,
  at: DesignInformation['at'],
): DesignInformation {
  const types = point.shares.length;
  const { information, result, method } = spectrumAt(design, point);
  const annotators = design.design.annotators;
  const open = describeDirections(design, point, result);
  return {
    at,
    types,
    policy: design.model.kind,
    rank: result.rank,
    parameters: result.parameters,
    smallestEigenvalue: result.smallest,
    smallestEigenvalueOfAll: result.smallest * annotators,
    condition: Number.isFinite(result.condition) ? result.condition : null,
    eigenvalues: Array.from(result.eigenvalues),
    standardErrors: standardErrors(design, result, types, annotators),
    directions: open.map(({ message }) => message),
    open,
    outcomes: information.outcomes,
    exact: information.exact,
    method,
  };
}

interface SpectrumAtPoint {
  readonly information: ScoreCount;
  readonly result: Spectrum | BlockSpectrum;
  readonly method: DesignInformation['method'];
}

/**
 * The spectrum at one point, by the way that fits its size. Annotators may be drawn where they are many, but never for
 * saying that something cannot be known: there might be somebody whose records tell it.
 *
 * @param budget multiplications for the information
 */
export function spectrumAt(design: DesignModel, point: MixturePoint, budget = BUDGET): SpectrumAtPoint {
  const found = spectrumFrom(design, point, { seed: SEED, budget });
  return found.information.drawn && found.result.rank < found.result.parameters
    ? spectrumFrom(design, point, { seed: SEED, budget, everyone: true })
    : found;
}

function spectrumFrom(
  design: DesignModel,
  point: MixturePoint,
  options: InformationOptions,
): SpectrumAtPoint {
  const types = point.shares.length;
  const blocks = blocksFor(design, types);
  if (blocks) return { ...blockSpectrum(blocks, point, design.model.parameters, options), method: 'blocks' };
  const size = scoreLength(design.model, types);
  const shifts = ofEachType(
    design,
    shiftsOfParts(dividedGroups(design), design.model.parameters),
    types,
    size,
  );
  const gauge = [...ofEachType(design, gaugeOf(design), types, size), ...shifts];
  if (size > LARGEST_MATRIX) {
    const information = sparseInformation(design.design, design.model, point, options);
    // where something is open anyway no share has an error, and solving for it would be in vain
    const shares = shifts.length > 0 ? 0 : types - 1;
    const result = withKnown(lanczosSpectrum(information, gauge, shares), shifts);
    return { information, result, method: 'lanczos' };
  }
  const information = fisherInformation(design.design, design.model, point, options);
  const method = size > FULL_SPECTRUM ? 'factored' : 'full';
  const ends = method === 'factored' ? factoredSpectrum : spectrum;
  return { information, result: withKnown(ends(information, gauge, types - 1), shifts), method };
}

/** Directions that are known to be without information, and were left out with the gauge, put back. */
function withKnown(result: Spectrum, known: readonly Float64Array[]): Spectrum {
  if (known.length === 0) return result;
  return {
    ...result,
    eigenvalues: Float64Array.of(...known.map(() => 0), ...result.eigenvalues),
    parameters: result.parameters + known.length,
    nullVectors: [...result.nullVectors, ...known],
    known,
    weakest: result.nullVectors.at(0) ?? known[0],
    smallest: 0,
    condition: Infinity,
  };
}

/** Directions of one type's rewards, once for each type. */
function ofEachType(
  { model }: DesignModel,
  directions: readonly Float64Array[],
  types: number,
  size: number,
): Float64Array[] {
  return Array.from({ length: types }, (_, k) =>
    directions.map((direction) => {
      const whole = new Float64Array(size);
      whole.set(direction, types - 1 + k * model.parameters);
      return whole;
    }),
  ).flat();
}

/** √(variance/N) of every share, the last one by the sum, and of the reward in the middle. */
export function standardErrors(
  { model }: DesignModel,
  { variance, shareCovariance, nullVectors }: Spectrum,
  types: number,
  annotators: number,
): DesignInformation['standardErrors'] {
  if (nullVectors.length > 0) return null;
  const shares = Array.from({ length: types - 1 }, (_, k) => Math.sqrt(variance[k] / annotators));
  if (types > 1) shares.push(Math.sqrt(shareCovariance / annotators));
  const rewards = Array.from(variance.subarray(types - 1, types - 1 + types * model.parameters), (v) =>
    Math.sqrt(v / annotators),
  )
    .filter((error) => !Number.isNaN(error))
    .sort((a, b) => a - b);
  return { shares, medianReward: rewards.at(rewards.length >> 1) ?? null };
}
