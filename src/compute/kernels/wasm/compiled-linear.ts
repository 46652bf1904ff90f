import * as at from '../assembly/layout';
import type { LinearKernel } from '../likelihood-kernel';
import { weightedSum } from '../plain-kernel';
import type { Loaded } from './load';
import type { Rest } from './rest';
import type { Turn } from './turn';

interface SingleFeatures {
  readonly dimensions: number;
  readonly values: Float32Array;
}

/** What a header says of features. */
const FEATURE_FIELDS = [
  ...[at.FEATURES, at.WIDTH, at.ROWS, at.ROW_PLACE, at.THETA, at.PULLED],
  ...[at.GROUP_BOUND, at.GROUP_RANKING, at.GROUP_LOW, at.GROUP_ROW, at.GROUP_ROOM, at.GROUP_ROOM_BYTES],
];

/** Features of a group of rankings, which are used twice, stay in a core’s nearest cache. */
const GROUP_BYTES = 8192;

/**
 * The kernel at rewards Φθ. Where parts share no alternatives, one pass over the features does all: a group’s rewards,
 * their gradient, and what it pulls.
 *
 * @throws OutOfMemory
 */
export function compiledLinear(loaded: Loaded, turn: Turn, features: SingleFeatures): LinearKernel {
  const { region, plan, utility, sums, direction, weight } = loaded;
  const { dimensions } = features;
  const width = 4 * Math.ceil(dimensions / 4);
  loadFeatures(loaded, features, width);
  const theta = region.floats(at.THETA, width);
  const pulled = region.floats(at.PULLED, plan.parts * width);
  const point = new Float64Array(dimensions);
  const ownValues = turn.own();
  loadGroups(loaded, width);
  const onePass = plan.apart && !turn.tied;
  const own = FEATURE_FIELDS.map((field) => region.get(field));

  const perform = (kind: number): void => {
    // others may have been made on the same kernel since
    FEATURE_FIELDS.forEach((field, i) => {
      region.set(field, own[i]);
    });
    turn.perform(kind);
  };
  const rewards = (values: Float64Array, out: Float64Array): void => {
    theta.set(values);
    out.fill(0);
    region.set(at.OUT, region.addressOf(out));
    perform(at.REWARDS);
  };
  const moveTo = (values: Float64Array): void => {
    rewards(values, utility);
    turn.settle();
  };
  /** One pass at θ. Rewards need not stand anywhere then, unless more is asked about the point. @returns Σ over parts */
  const passAt = (values: Float64Array, kind: number): number => {
    point.set(values);
    theta.set(values);
    perform(kind);
    const total = turn.total();
    turn.leave(Number.isNaN(total));
    turn.postpone(() => {
      moveTo(point);
    });
    return total;
  };
  const addPulled = (out: Float64Array): void => {
    for (let j = 0; j < dimensions; j++) {
      let sum = 0;
      for (let part = 0; part < plan.parts; part++) sum += pulled[part * width + j];
      out[j] = sum;
    }
  };
  /** Adds what TypeScript has to do to the sums by alternative, and pulls them back. */
  const finish = (out: Float64Array, add: (rest: Rest, out: Float64Array) => void): void => {
    if (!turn.rest().empty) {
      const more = new Float64Array(sums.length);
      add(turn.rest(), more);
      more.forEach((value, a) => (sums[plan.place[a]] += value));
    }
    perform(at.PULL_BACK);
    addPulled(out);
  };

  return {
    likelihoods: (values, k) => {
      const kept = turn.keep(k);
      if (onePass) passAt(values, at.LINEAR_LIKELIHOODS);
      else moveTo(values);
      if (!onePass || turn.outside) turn.likelihoods(kept);
      return turn.renew(k);
    },
    gradient: (values, out) => {
      if (onePass) {
        const value = passAt(values, at.LINEAR_GRADIENT);
        if (!turn.outside) {
          addPulled(out);
          return value;
        }
      } else moveTo(values);
      turn.likelihoods(ownValues);
      turn.addUp(at.GRADIENT);
      finish(out, (rest, more) => {
        rest.gradient(turn.point(), weight, more);
      });
      return weightedSum(weight, ownValues);
    },
    product: (v, out) => {
      turn.arrive();
      if (onePass && !turn.outside) {
        theta.set(v);
        perform(at.LINEAR_PRODUCT);
        addPulled(out);
        return;
      }
      rewards(v, direction);
      turn.addUp(at.CURVATURE_PRODUCT);
      finish(out, (rest, more) => {
        const byAlternative = Float64Array.from(plan.place, (p) => direction[p]);
        rest.product(turn.point(), weight, byAlternative, more);
      });
    },
  };
}

/**
 * Features less those of the first alternative of the component: no probability depends on them, so that rows need not
 * be read which all rewards of a component share; two of three with rankings of three that nobody else ranks.
 */
function loadFeatures({ region, plan }: Loaded, { dimensions, values }: SingleFeatures, width: number): void {
  const { place, componentPlace } = plan;
  const alternativeAt = new Int32Array(place.length);
  place.forEach((p, a) => (alternativeAt[p] = a));
  const components = componentPlace.length - 1;
  const count = place.length - components;
  const rows = region.floats(at.FEATURES, count * width);
  const rowPlace = region.words(at.ROW_PLACE, new Uint32Array(count));
  region.set(at.WIDTH, width);
  region.set(at.ROWS, count);
  let row = 0;
  for (let c = 0; c < components; c++) {
    const first = alternativeAt[componentPlace[c]] * dimensions;
    for (let p = componentPlace[c] + 1; p < componentPlace[c + 1]; p++, row++) {
      rowPlace[row] = p;
      const own = alternativeAt[p] * dimensions;
      for (let j = 0; j < dimensions; j++) rows[row * width + j] = values[own + j] - values[first + j];
    }
  }
}

/** Cuts each part between components into groups whose features are few enough. */
function loadGroups({ region, plan }: Loaded, width: number): void {
  if (!plan.apart) return;
  const { componentPlace, componentRanking } = plan;
  const components = componentPlace.length - 1;
  const alternatives = componentPlace[components];
  const ranking: number[] = [];
  const low: number[] = [];
  const row: number[] = [];
  const bound: number[] = [];
  let part = 0;
  for (let c = 0; c < components; c++) {
    const begins = part < plan.parts && componentPlace[c] === plan.low[part];
    if (begins) {
      bound.push(low.length);
      part++;
    }
    const rows = componentPlace[c + 1] - (c + 1) - (row.at(-1) ?? 0); // those of the group with this component
    if (begins || 8 * width * rows > GROUP_BYTES) {
      low.push(componentPlace[c]);
      row.push(componentPlace[c] - c);
      ranking.push(componentRanking[c]);
    }
  }
  region.words(at.GROUP_BOUND, [...bound, low.length]);
  region.words(at.GROUP_LOW, [...low, alternatives]);
  region.words(at.GROUP_ROW, [...row, alternatives - components]);
  region.words(at.GROUP_RANKING, [...ranking, componentRanking[components]]);
  const largest = low.reduce((most, l, g) => Math.max(most, (low[g + 1] ?? alternatives) - l), 0);
  region.set(at.GROUP_ROOM_BYTES, 16 * largest);
  region.floats(at.GROUP_ROOM, plan.parts * at.STREAMS * 2 * largest);
}
