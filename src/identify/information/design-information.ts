import type { DesignInformation } from '../../protocol/validation';
import type { Context } from '../context';
import { describeDirections } from './directions';
import { fisherInformation } from './fisher';
import { lanczosSpectrum } from './lanczos';
import { designModel, type DesignModel } from './model';
import { genericPoint, symmetricPoint } from './points';
import { scoreLength, type MixturePoint, type ScoreCount } from './scores';
import { dividedGroups, shiftsOfParts } from './parts';
import { sparseInformation } from './sparse-scores';
import { factoredSpectrum } from './factored-spectrum';
import { spectrum, type Spectrum } from './spectrum';

/** Beyond this many parameters information is not computed. */
export const MOST_PARAMETERS = 6000;
/** Up to this many the whole spectrum is computed, beyond only its ends. */
const FULL_SPECTRUM = 400;
/** Up to this many the ends come from a factor of the matrix, beyond the matrix is never formed. */
const LARGEST_MATRIX = 1500;
/** Multiplications for one information matrix. */
const BUDGET = 6e7;
const SEED = 20251015;

/**
 * The Fisher test on the dataset's own design, at random parameters and at the symmetric worst case, for each number
 * of types the context is about. Empty for numbers of types with more than MOST_PARAMETERS parameters.
 */
export function designInformation(context: Context): DesignInformation[] {
  const model = designModel(context);
  if (model.design.annotators === 0) return [];
  return context.types
    .filter((types) => types - 1 + types * model.model.parameters <= MOST_PARAMETERS)
    .flatMap((types) => {
      const generic = genericPoint(model.model, model.alternatives, types, SEED);
      const at = [informationAt(model, generic, 'generic')];
      if (types > 1) {
        at.push(
          informationAt(model, symmetricPoint(model.model, model.alternatives, types, SEED), 'symmetric'),
        );
      }
      return at;
    });
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

/**
 * The spectrum at one point, by the way that fits its size.
 *
 * @param budget multiplications for the information
 */
export function spectrumAt(
  design: DesignModel,
  point: MixturePoint,
  budget = BUDGET,
): { information: ScoreCount; result: Spectrum; method: DesignInformation['method'] } {
  const types = point.shares.length;
  const size = scoreLength(design.model, types);
  const shifts = ofEachType(
    design,
    shiftsOfParts(dividedGroups(design), design.model.parameters),
    types,
    size,
  );
  const gauge = [...ofEachType(design, design.gauge, types, size), ...shifts];
  const options = { seed: SEED, budget };
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
