import * as at from '../assembly/layout';
import type { LikelihoodKernel, Observed } from '../likelihood-kernel';
import type { BlockMatrix } from '../plackett-luce';
import { plainLinear, weightedSum } from '../plain-kernel';
import { compiledBlocks } from './compiled-blocks';
import { compiledLinear } from './compiled-linear';
import { load, type Loaded } from './load';
import { OutOfMemory } from './region';
import { turnOf } from './turn';

/** @returns undefined where WebAssembly cannot run, or the problem has no room in its memory */
export function compiledKernel(observed: Observed): LikelihoodKernel | undefined {
  return unlessFull(() => kernelIn(load(observed)));
}

function unlessFull<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof OutOfMemory) return undefined;
    throw error;
  }
}

function kernelIn(loaded: Loaded): LikelihoodKernel {
  const { observed, plan, region, utility, sums, direction, weight, count, profileParts } = loaded;
  const { place, inOrder } = plan;
  const turn = turnOf(loaded);
  let logShares: Float64Array = new Float64Array(0);
  let gammaIn: Float64Array = new Float64Array(0);
  let blocks: (() => BlockMatrix) | undefined;

  const into = (values: Float64Array, list: Float64Array): void => {
    if (inOrder) list.set(values);
    else for (let a = 0; a < place.length; a++) list[place[a]] = values[a];
  };
  const outOf = (list: Float64Array, values: Float64Array): void => {
    if (inOrder) values.set(list);
    else for (let a = 0; a < place.length; a++) values[a] = list[place[a]];
  };
  const setTypes = (types: number, counts: Float64Array): void => {
    if (types > logShares.length) {
      logShares = region.floats(at.LOG_SHARES, types);
      gammaIn = region.floats(at.GAMMA, types * observed.profiles);
    }
    count.set(counts);
    region.set(at.TYPES, types);
  };

  const kernel: LikelihoodKernel = {
    components: observed.components,
    moveTo: (point) => {
      into(point, utility);
      turn.settle();
    },
    likelihoods: (k) => {
      turn.likelihoods(turn.keep(k));
      return turn.renew(k);
    },
    kept: (k) => turn.serial(k),
    posteriors: (shares, counts, gamma) => {
      setTypes(shares.length, counts);
      turn.keep(shares.length - 1);
      shares.forEach((share, k) => (logShares[k] = Math.log(share)));
      turn.perform(at.POSTERIORS, profileParts);
      gamma.set(gammaIn.subarray(0, gamma.length));
      return turn.total(profileParts);
    },
    weighByType: (gamma, counts, types, k) => {
      setTypes(types, counts);
      gammaIn.set(gamma);
      region.set(at.TYPE, k);
      turn.perform(at.WEIGHTS);
    },
    weigh: (given) => {
      for (let i = 0; i < weight.length; i++) weight[i] = given[plan.order[i]];
    },
    weighted: (k) => {
      turn.keep(k);
      turn.perform(at.WEIGHTED_SUM);
      return turn.total();
    },
    gradient: (out) => {
      turn.addUp(at.GRADIENT);
      outOf(sums, out);
      if (!turn.rest().empty) turn.rest().gradient(turn.point(), weight, out);
    },
    curvature: (gradient) => {
      blocks ??= compiledBlocks(loaded, turn);
      const matrix = blocks();
      outOf(sums, gradient);
      if (!turn.rest().empty) {
        const point = turn.point();
        turn.rest().gradient(point, weight, gradient);
        turn.rest().blocks(point, weight, matrix);
      }
      return matrix;
    },
    product: (v, out) => {
      into(v, direction);
      turn.addUp(at.CURVATURE_PRODUCT);
      outOf(sums, out);
      if (!turn.rest().empty) turn.rest().product(turn.point(), weight, v, out);
    },
    linear: ({ dimensions, values }) =>
      (values instanceof Float32Array
        ? unlessFull(() => compiledLinear(loaded, turn, { dimensions, values }))
        : undefined) ??
      plainLinear(kernel, { dimensions, values }, place.length, () => {
        turn.likelihoods(turn.own());
        return weightedSum(weight, turn.own());
      }),
  };
  return kernel;
}
