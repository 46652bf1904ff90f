import type { HostTensor, HostTensors } from '../../../compute/graph/program';
import { BLOCKED } from '../attention';
import { bucket } from '../buckets';
import type { TransformerConfig } from '../language-model';
import {
  cacheFeeds,
  copyTokens,
  emptyCache,
  keysOf,
  rearranged,
  valuesOf,
  type KeyValueCache,
} from './key-value-cache';
import type { Continuation } from './next-token';

/** Runs a program of decoder-programs.ts: through prompts of `length` tokens, or a step with room for `length` before. */
export type RunDecoder = (
  kind: 'prompt' | 'step',
  rows: number,
  length: number,
  feeds: HostTensors,
) => Promise<Readonly<Record<string, HostTensor>>>;

/** Prompts of one pass. */
const PROMPT_ROWS = 8;
const LENGTH_UNIT = 32;
const LEAST_CAPACITY = 64;
/**
 * Places of a step. Never 1: a product of a matrix with one row adds up in another order than with several, and rounding
 * would tell how many texts were written together.
 */
const STEP_PLACES = [4, 16, 64];

/** Texts under way, of which none has begun. */
export function noTexts(config: TransformerConfig, run: RunDecoder): Continuation {
  const { vocabulary, positions } = config;
  let cache = emptyCache(config, 0, 0);
  // by row: place in the cache, tokens so far, and logits of the next. A place that a text has left is free for another:
  // closing the gap would copy the keys and values of all the others.
  let places: number[] = [];
  let used: number[] = [];
  let next: Float32Array[] = [];

  const makeRoom = (count: number, tokens: number): void => {
    const capacity = Math.max(cache.capacity, capacityFor(tokens, positions));
    if (count === cache.rows && capacity === cache.capacity) return;
    cache = rearranged(config, cache, places, { rows: count, capacity });
    places = places.map((_, row) => row);
  };

  return {
    logits: (row) => next[row],
    async append(tokens) {
      makeRoom(placesFor(places.length), Math.max(...used) + 1);
      const appended = new Int32Array(cache.rows);
      const before = new Int32Array(cache.rows);
      places.forEach((place, row) => {
        appended[place] = tokens[row];
        before[place] = used[row];
      });
      const out = await run('step', cache.rows, cache.capacity, {
        ...stepFeeds(config, appended, before, cache),
        ...cacheFeeds(config, cache),
      });
      const logits = floats(out.logits);
      next = places.map((place) => logits.subarray(place * vocabulary, (place + 1) * vocabulary));
      places.forEach((place, row) => {
        store(config, out, { row: place, tokens: 1 }, cache, place, 1, used[row]++);
      });
    },
    keep(rows) {
      places = rows.map((row) => places[row]);
      used = rows.map((row) => used[row]);
      next = rows.map((row) => next[row]);
    },
    async join(prompts) {
      const lengths = prompts.map((prompt) => prompt.length);
      const count = Math.max(cache.rows, placesFor(places.length + prompts.length));
      makeRoom(count, Math.max(...used, ...lengths));
      const taken = new Set(places);
      const free = Array.from({ length: count }, (_, place) => place).filter((place) => !taken.has(place));
      const first: Float32Array[] = [];
      for (const { texts, rowsOf, out, length } of await readPrompts(run, prompts, positions)) {
        const logits = floats(out.logits);
        texts.forEach((text, index) => {
          for (const row of rowsOf[index]) {
            first[row] = logits.subarray(index * vocabulary, (index + 1) * vocabulary);
            store(config, out, { row: index, tokens: length }, cache, free[row], text.length, 0);
          }
        });
      }
      places = [...places, ...free.slice(0, prompts.length)];
      used = [...used, ...lengths];
      next = [...next, ...first];
    },
  };
}

/** Prompts that one pass worked through. */
interface ReadPrompts {
  readonly texts: readonly Int32Array[];
  /** By text: which of the prompts it is. */
  readonly rowsOf: readonly (readonly number[])[];
  readonly out: Readonly<Record<string, HostTensor>>;
  /** Tokens of each row of `out`, padding included. */
  readonly length: number;
}

/** Works through prompts, each different text once. */
async function readPrompts(
  run: RunDecoder,
  prompts: readonly Int32Array[],
  positions: number,
): Promise<ReadPrompts[]> {
  const same = new Map<string, number[]>();
  prompts.forEach((prompt, row) => {
    const text = prompt.join();
    const rows = same.get(text);
    if (rows) rows.push(row);
    else same.set(text, [row]);
  });
  const different = [...same.values()];
  const read: ReadPrompts[] = [];
  for (let from = 0; from < different.length; from += PROMPT_ROWS) {
    const rowsOf = different.slice(from, from + PROMPT_ROWS);
    const texts = rowsOf.map(([row]) => prompts[row]);
    const rows = bucket(texts.length);
    const length = Math.min(positions, bucket(Math.max(...texts.map((text) => text.length)), LENGTH_UNIT));
    read.push({
      texts,
      rowsOf,
      length,
      out: await run('prompt', rows, length, promptFeeds(texts, rows, length)),
    });
  }
  return read;
}

/** Copies the first `count` tokens of a row that a program put out to token `at` of a place in the cache. */
function store(
  config: TransformerConfig,
  out: Readonly<Record<string, HostTensor>>,
  from: { readonly row: number; readonly tokens: number },
  cache: KeyValueCache,
  place: number,
  count: number,
  at: number,
): void {
  for (let layer = 0; layer < config.layers; layer++) {
    const target = { tokens: cache.capacity, row: place };
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

/**
 * @param tokens by place: the token to work through
 * @param before by place: tokens before it, 0 where the place is free
 */
function stepFeeds(
  config: TransformerConfig,
  tokens: Int32Array,
  before: Int32Array,
  { rows, capacity }: KeyValueCache,
): HostTensors {
  const mask = new Float32Array(rows * (capacity + 1)).fill(BLOCKED);
  before.forEach((count, place) => {
    const start = place * (capacity + 1);
    mask.fill(0, start + Math.max(0, count - (config.slidingWindow ?? Infinity) + 1), start + count);
    mask[start + capacity] = 0;
  });
  return {
    tokens: { shape: [rows, 1], dtype: 'int32', data: tokens },
    position: { shape: [rows, 1], dtype: 'int32', data: before },
    mask: { shape: [rows, 1, 1, capacity + 1], dtype: 'float32', data: mask },
  };
}

/** Room for the tokens so far: 64, 96, 128, 192, 256, …, so that a long text costs few programs and little is padding. */
function capacityFor(tokens: number, positions: number): number {
  let capacity = LEAST_CAPACITY;
  while (capacity < tokens) capacity = capacity % 3 === 0 ? (capacity * 4) / 3 : (capacity * 3) / 2;
  return Math.min(capacity, Math.max(positions, tokens));
}

function placesFor(rows: number): number {
  return STEP_PLACES.find((places) => places >= rows) ?? rows;
}

function floats({ data }: HostTensor): Float32Array {
  if (data instanceof Float32Array) return data;
  throw new Error('A decoder program gave whole numbers where real ones were expected.');
}
