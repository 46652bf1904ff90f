import type { DesignInformation } from '../../protocol/validation';
import type { Context } from '../context';
import { describeDirection } from './directions';
import { fisherInformation, type MixturePoint } from './fisher';
import { designModel, type DesignModel } from './model';
import { genericPoint, symmetricPoint } from './points';
import { factoredSpectrum } from './factored-spectrum';
import { spectrum, type Spectrum } from './spectrum';

/** Beyond this many parameters information is not computed. */
export const MOST_PARAMETERS = 1500;
/** Up to this many the whole spectrum is computed, beyond only its ends. */
const FULL_SPECTRUM = 400;
/** Multiplications for one information matrix. */
const BUDGET = 6e7;
const SEED = 20251015;
const MOST_DIRECTIONS = 5;

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
  const information = fisherInformation(design.design, design.model, point, { seed: SEED, budget: BUDGET });
  const ends = information.size > FULL_SPECTRUM ? factoredSpectrum : spectrum;
  const result = ends(information, gaugeOf(design, types, information.size), types - 1);
  const annotators = design.design.annotators;
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
    standardErrors: result.nullVectors.length > 0 ? null : standardErrors(design, result, types, annotators),
    directions: (result.nullVectors.length > 0 ? result.nullVectors : [result.weakest])
      .slice(0, MOST_DIRECTIONS)
      .map((v) => describeDirection(design, v, types)),
    outcomes: information.outcomes,
    exact: information.exact,
  };
}

/** The gauge of one type's rewards, once for each type. */
function gaugeOf({ gauge, model }: DesignModel, types: number, size: number): Float64Array[] {
  return Array.from({ length: types }, (_, k) =>
    gauge.map((direction) => {
      const whole = new Float64Array(size);
      whole.set(direction, types - 1 + k * model.parameters);
      return whole;
    }),
  ).flat();
}

/** √(variance/N) of every share, the last one by the sum, and of the reward in the middle. */
function standardErrors(
  { model }: DesignModel,
  { variance, shareCovariance }: Spectrum,
  types: number,
  annotators: number,
): DesignInformation['standardErrors'] {
  const shares = Array.from({ length: types - 1 }, (_, k) => Math.sqrt(variance[k] / annotators));
  if (types > 1) shares.push(Math.sqrt(shareCovariance / annotators));
  const rewards = Array.from(variance.subarray(types - 1, types - 1 + types * model.parameters), (v) =>
    Math.sqrt(v / annotators),
  )
    .filter((error) => !Number.isNaN(error))
    .sort((a, b) => a - b);
  return { shares, medianReward: rewards[rewards.length >> 1] };
}
