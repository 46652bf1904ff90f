import type { HostTensor } from '../../../compute/graph/program';
import type { TransformerConfig } from '../language-model';

/** Keys and values of texts under way, in ordinary memory: [rows, keyValueHeads, capacity, headSize] by layer. */
export interface KeyValueCache {
  readonly rows: number;
  /** Tokens there is room for in each row. */
  readonly capacity: number;
  readonly keys: readonly Float32Array[];
  readonly values: readonly Float32Array[];
}

type Sizes = Pick<TransformerConfig, 'layers' | 'keyValueHeads' | 'headSize'>;

export function emptyCache(config: Sizes, rows: number, capacity: number): KeyValueCache {
  const size = rows * config.keyValueHeads * capacity * config.headSize;
  const layers = () => Array.from({ length: config.layers }, () => new Float32Array(size));
  return { rows, capacity, keys: layers(), values: layers() };
}

/** Values up to which a loop is faster than a view: those of one token. */
const SHORT = 128;

/**
 * Copies the first `count` tokens of a row from [rows, keyValueHeads, tokens, headSize] to place `at` of a row here.
 *
 * @param from keys or values of one layer
 */
export function copyTokens(
  config: Sizes,
  from: { readonly data: Float32Array; readonly tokens: number; readonly row: number },
  to: { readonly data: Float32Array; readonly tokens: number; readonly row: number },
  count: number,
  at: number,
): void {
  const { keyValueHeads, headSize } = config;
  for (let head = 0; head < keyValueHeads; head++) {
    const source = (from.row * keyValueHeads + head) * from.tokens * headSize;
    const target = ((to.row * keyValueHeads + head) * to.tokens + at) * headSize;
    const size = count * headSize;
    if (size > SHORT) to.data.set(from.data.subarray(source, source + size), target);
    else for (let i = 0; i < size; i++) to.data[target + i] = from.data[source + i];
  }
}

/** The same texts with other room: row i holds what row `rows[i]` held. */
export function rearranged(
  config: Sizes,
  cache: KeyValueCache,
  rows: readonly number[],
  room: { readonly rows: number; readonly capacity: number },
): KeyValueCache {
  const next = emptyCache(config, room.rows, room.capacity);
  const count = Math.min(cache.capacity, room.capacity);
  for (let layer = 0; layer < config.layers; layer++) {
    for (const part of ['keys', 'values'] as const) {
      rows.forEach((row, i) => {
        copyTokens(
          config,
          { data: cache[part][layer], tokens: cache.capacity, row },
          { data: next[part][layer], tokens: room.capacity, row: i },
          count,
          0,
        );
      });
    }
  }
  return next;
}

/** Tensors of a cache, by the names of the programs (decoder-programs.ts). */
export function cacheFeeds(config: Sizes, cache: KeyValueCache): Record<string, HostTensor> {
  const shape = [cache.rows, config.keyValueHeads, cache.capacity, config.headSize];
  const feeds: Record<string, HostTensor> = {};
  for (let layer = 0; layer < config.layers; layer++) {
    feeds[keysOf(layer)] = { shape, dtype: 'float32', data: cache.keys[layer] };
    feeds[valuesOf(layer)] = { shape, dtype: 'float32', data: cache.values[layer] };
  }
  return feeds;
}

export function keysOf(layer: number): string {
  return `keys.${layer}`;
}

export function valuesOf(layer: number): string {
  return `values.${layer}`;
}
