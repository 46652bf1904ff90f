import type { Executable, Executor } from '../../../compute/graph/executor';
import type { HostTensor, HostTensors, TensorSpec } from '../../../compute/graph/program';
import { BLOCKED } from '../attention';
import { bucket } from '../buckets';
import type { TransformerConfig, Weights } from '../language-model';
import { promptProgram, stepProgram, type DecoderShape, type HostAdapter } from './decoder-programs';
import { cacheFeeds, copyTokens, emptyCache, keysOf, rearranged, valuesOf } from './key-value-cache';
import type { Continuation, NextToken } from './next-token';

/** A base model on a device, ready to continue texts with any adapter over it. */
export interface Network {
  /** The base with this adapter; the base alone without one. */
  policy(adapter?: HostAdapter): NextToken;
  /** Frees what the device holds. */
  dispose(): Promise<void>;
}

/** Prompts of one pass. */
const PROMPT_ROWS = 8;
const LENGTH_UNIT = 32;
const CAPACITY_UNIT = 64;
/**
 * Rows of a step are padded to one of these. Never 1: a product of a matrix with one row adds up in another order than
 * with several, and rounding would tell how many texts were written together.
 */
const STEP_ROWS = [4, 16, 64];
/** Programs kept on the device. Each holds the weights, so that large models keep few. */
const KEPT_BYTES = 2e9;

/** @param base weights that every policy shares */
export function openNetwork(
  executor: Executor,
  { config, weights }: { readonly config: TransformerConfig; readonly weights: Weights },
): Network {
  const compiled = new Map<string, Promise<Executable>>();
  const bytes = Object.values(weights).reduce((sum, { data }) => sum + data.byteLength, 0);
  const most = Math.max(2, Math.floor(KEPT_BYTES / bytes));

  const executable = async (
    shape: DecoderShape,
    key: string,
    kind: 'prompt' | 'step',
    rows: number,
    length: number,
  ): Promise<Executable> => {
    const name = [kind, rows, length, key].join(' ');
    let found = compiled.get(name);
    compiled.delete(name);
    found ??= executor.compile((kind === 'prompt' ? promptProgram : stepProgram)(shape, rows, length));
    compiled.set(name, found); // the last in the map is the one used last
    for (const [oldest, program] of compiled) {
      if (compiled.size <= most) break;
      compiled.delete(oldest);
      await (await program).dispose();
    }
    return found;
  };

  return {
    policy(adapter) {
      const specs = adapter && specsOf(adapter.tensors);
      const shape: DecoderShape = {
        config,
        weights,
        adapter: adapter && specs && { specs, scaling: adapter.scaling },
      };
      const key = adapter ? JSON.stringify([adapter.scaling, specs]) : '';
      const run = async (kind: 'prompt' | 'step', rows: number, length: number, feeds: HostTensors) =>
        (await executable(shape, key, kind, rows, length)).run({ ...feeds, ...adapter?.tensors });
      return {
        vocabulary: config.vocabulary,
        positions: config.positions,
        // keys and values of every layer, in 32-bit floats
        bytesPerToken: 8 * config.layers * config.keyValueHeads * config.headSize,
        begin: (prompts) => begin(config, run, prompts),
      };
    },
    async dispose() {
      const programs = [...compiled.values()];
      compiled.clear();
      for (const program of programs) await (await program).dispose();
    },
  };
}

type Run = (
  kind: 'prompt' | 'step',
  rows: number,
  length: number,
  feeds: HostTensors,
) => Promise<Readonly<Record<string, HostTensor>>>;

async function begin(
  config: TransformerConfig,
  run: Run,
  prompts: readonly Int32Array[],
): Promise<Continuation> {
  const { vocabulary, positions } = config;
  const used = prompts.map((prompt) => prompt.length);
  let last: Float32Array = new Float32Array(prompts.length * vocabulary);
  let cache = emptyCache(config, stepRows(prompts.length), capacityFor(Math.max(...used), positions));

  // rows with the same prompt share its work
  const rowsOf = new Map<string, number[]>();
  prompts.forEach((prompt, row) => {
    const text = prompt.join();
    rowsOf.set(text, [...(rowsOf.get(text) ?? []), row]);
  });
  const different = [...rowsOf.values()];
  for (let from = 0; from < different.length; from += PROMPT_ROWS) {
    const some = different.slice(from, from + PROMPT_ROWS);
    const texts = some.map(([row]) => prompts[row]);
    const rows = bucket(texts.length);
    const length = Math.min(positions, bucket(Math.max(...texts.map((text) => text.length)), LENGTH_UNIT));
    const out = await run('prompt', rows, length, promptFeeds(texts, rows, length));
    some.forEach((targets, index) => {
      for (const row of targets) {
        const logits = floats(out.logits);
        last.set(logits.subarray(index * vocabulary, (index + 1) * vocabulary), row * vocabulary);
        store(config, out, { row: index, tokens: length }, cache, row, used[row], 0);
      }
    });
  }

  let rows = prompts.length;
  return {
    logits: (row) => last.subarray(row * vocabulary, (row + 1) * vocabulary),
    async append(tokens) {
      const need = capacityFor(Math.max(...used) + 1, positions);
      if (need > cache.capacity) {
        cache = rearranged(config, cache, indices(rows), { rows: cache.rows, capacity: need });
      }
      const out = await run('step', cache.rows, cache.capacity, {
        ...stepFeeds(config, tokens, used, cache.rows, cache.capacity),
        ...cacheFeeds(config, cache),
      });
      last = floats(out.logits);
      for (let row = 0; row < rows; row++) {
        store(config, out, { row, tokens: 1 }, cache, row, 1, used[row]++);
      }
    },
    keep(kept) {
      const room = stepRows(kept.length);
      last = Float32Array.from(
        { length: kept.length * vocabulary },
        (_, i) => last[kept[Math.floor(i / vocabulary)] * vocabulary + (i % vocabulary)],
      );
      cache = rearranged(config, cache, kept, { rows: room, capacity: cache.capacity });
      kept.forEach((row, i) => (used[i] = used[row]));
      rows = kept.length;
      used.length = rows;
    },
  };
}

/** Copies the first `count` tokens of a row that a program put out to place `at` of a row of the cache. */
function store(
  config: TransformerConfig,
  out: Readonly<Record<string, HostTensor>>,
  from: { readonly row: number; readonly tokens: number },
  cache: ReturnType<typeof emptyCache>,
  row: number,
  count: number,
  at: number,
): void {
  for (let layer = 0; layer < config.layers; layer++) {
    const target = { tokens: cache.capacity, row };
    const keys = { ...from, data: floats(out[keysOf(layer)]) };
    const values = { ...from, data: floats(out[valuesOf(layer)]) };
    copyTokens(config, keys, { ...target, data: cache.keys[layer] }, count, at);
    copyTokens(config, values, { ...target, data: cache.values[layer] }, count, at);
  }
}

function promptFeeds(texts: readonly Int32Array[], rows: number, length: number): HostTensors {
  const tokens = new Int32Array(rows * length);
  const position = Int32Array.from(tokens, (_, i) => i % length);
  const last = new Int32Array(rows);
  texts.forEach((text, row) => {
    tokens.set(text, row * length);
    last[row] = row * length + text.length - 1;
  });
  return {
    tokens: { shape: [rows, length], dtype: 'int32', data: tokens },
    position: { shape: [rows, length], dtype: 'int32', data: position },
    last: { shape: [rows], dtype: 'int32', data: last },
  };
}

/** @param used tokens before this one by row; padded rows have none */
function stepFeeds(
  config: TransformerConfig,
  appended: Int32Array,
  used: readonly number[],
  rows: number,
  capacity: number,
): HostTensors {
  const tokens = new Int32Array(rows);
  const position = new Int32Array(rows);
  const mask = new Float32Array(rows * (capacity + 1)).fill(BLOCKED);
  for (let row = 0; row < rows; row++) {
    const before = row < used.length ? used[row] : 0;
    if (row < used.length) tokens[row] = appended[row];
    position[row] = before;
    const start = row * (capacity + 1);
    mask.fill(0, start + Math.max(0, before - (config.slidingWindow ?? Infinity) + 1), start + before);
    mask[start + capacity] = 0;
  }
  return {
    tokens: { shape: [rows, 1], dtype: 'int32', data: tokens },
    position: { shape: [rows, 1], dtype: 'int32', data: position },
    mask: { shape: [rows, 1, 1, capacity + 1], dtype: 'float32', data: mask },
  };
}

/** Room for the tokens so far: grows by doubling, so that a long text costs few programs. */
function capacityFor(tokens: number, positions: number): number {
  let capacity = CAPACITY_UNIT;
  while (capacity < tokens) capacity *= 2;
  return Math.min(capacity, Math.max(positions, tokens));
}

function stepRows(rows: number): number {
  return STEP_ROWS.find((some) => some >= rows) ?? rows;
}

function indices(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

function floats({ data }: HostTensor): Float32Array {
  if (data instanceof Float32Array) return data;
  throw new Error('A decoder program gave whole numbers where real ones were expected.');
}

function specsOf(tensors: HostTensors): Record<string, TensorSpec> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, dtype }]) => [name, { shape, dtype }]),
  );
}
