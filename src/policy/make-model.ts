import type { Components } from '../compute/components';
import type { RankingTable } from '../dataset/table';
import type { RewardPolicy } from '../protocol/experiment';
import { givenFeatures, ngramFeatures } from './features';
import { loglinear, type FeatureMatrix } from './loglinear';
import type { RewardModel } from './reward-model';
import { tabular } from './tabular';
import { UnfitDataError } from '../unfit-data-error';

/** What carries a reward: each single response, or each item wherever it appears. */
export interface Alternatives {
  readonly count: number;
  /** Alternative of each response of the table. */
  readonly of: Int32Array;
  readonly over: 'responses' | 'items';
}

/** @throws Error with a sentence when items are asked for and the dataset has none */
export function chooseAlternatives(table: RankingTable, policy: RewardPolicy): Alternatives {
  const single = new Int32Array(table.responses.size).map((_, y) => y);
  if (policy.kind === 'loglinear' || policy.over === 'responses') {
    return { count: single.length, of: single, over: 'responses' };
  }
  if (table.items && table.responseItem && !table.responseItem.includes(-1)) {
    return { count: table.items.size, of: table.responseItem, over: 'items' };
  }
  if (policy.over === 'items') {
    throw new UnfitDataError(
      'The experiment asks for one reward per item, but not every response of this dataset has an item.',
    );
  }
  return { count: single.length, of: single, over: 'responses' };
}

export function makeModel(
  table: RankingTable,
  policy: RewardPolicy,
  alternatives: Alternatives,
  components: Components,
): RewardModel {
  if (policy.kind === 'tabular') {
    const { items } = table;
    const names =
      alternatives.over === 'items' && items
        ? Array.from({ length: items.size }, (_, i) => items.text(i))
        : undefined;
    return tabular(components, names);
  }
  const given = policy.features === 'given' || (policy.features === 'auto' && table.features !== undefined);
  return loglinear(inMemory(given ? givenFeatures(table) : ngramFeatures(table, policy.dimensions)));
}

/** From as many values on, memory is what features cost. */
const SINGLE_FROM = 1 << 22;

/**
 * Many features are kept as f32, to seven digits: half the memory to hold and to read. All that is computed from them is
 * f64, and few features are f64 themselves.
 */
function inMemory(features: FeatureMatrix): FeatureMatrix<Float64Array | Float32Array> {
  if (features.values.length < SINGLE_FROM) return features;
  return { ...features, values: Float32Array.from(features.values) };
}

/** Rewards by response id from rewards by alternative. */
export function rewardByResponse(alternatives: Alternatives, utility: Float64Array): Float64Array {
  return Float64Array.from(alternatives.of, (a) => utility[a]);
}
