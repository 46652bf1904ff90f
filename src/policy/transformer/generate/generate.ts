import { random, type Random } from '../../../random';
import { bucket } from '../buckets';
import type { Tokenizer } from '../language-model';
import type { NextToken } from './next-token';
import { checkSampling, tokenSampler, type Sampling } from './sampling';
import { textStream, type TextStream } from './text-stream';

/** One response that is wanted. */
export interface Wanted {
  /** As the tokenizer's `encodePrompt` gives it. */
  readonly prompt: Int32Array;
  readonly seed: number;
  /** Tells independent responses under one seed apart, such as prompt and number of the response. */
  readonly stream: readonly number[];
}

export interface GenerationOptions extends Sampling {
  /** Longest response in tokens, the end-of-text token included. */
  readonly maxTokens: number;
  /** Texts that end a response and are no part of it. */
  readonly stop?: readonly string[];
  /** Tokens that end a response, besides end of text. */
  readonly stopTokens?: readonly number[];
  /** Responses written at once; 64 at most, and fewer where a large model would need much memory for them. */
  readonly batch?: number;
  /** Called as responses grow, with text that no later token changes. */
  readonly onText?: (index: number, text: string) => void;
  /** Called when a response is complete. */
  readonly onResponse?: (index: number, response: Generated) => void;
  /** Stops between two tokens: what is under way is lost, and the signal's reason is thrown. */
  readonly signal?: AbortSignal;
}

export interface Generated {
  /** The token that ended it included. */
  readonly tokens: Int32Array;
  /** Without what ended it. */
  readonly text: string;
  /** log π(tokens | prompt) of the policy itself, in nats: at temperature 1, over all tokens. */
  readonly logProbability: number;
  /** `end`: end of text or a stop token; `stop`: a stop string; `length`: cut off. */
  readonly ended: 'end' | 'stop' | 'length';
}

export const DEFAULT_SAMPLING: Sampling = { temperature: 1, topP: 1 };
const MOST_ROWS = 64;
const FEWEST_ROWS = 4;
/** Share of the rows that must be free before further responses begin: their prompts are worked through together. */
const FREE_ROWS = 1 / 8;
/** Of the keys and values of all texts under way. */
const CACHE_BYTES = 2 ** 30;
/** Prompts whose lengths fall into one bucket are continued together. */
const LENGTH_UNIT = 32;

/**
 * Writes responses, many at once. A response depends on its own prompt, seed and stream only: rows are grouped by length
 * in a way that only their own length decides, and never look at one another. (Batches of different size may still be
 * rounded differently in the last bit by a device; onnxruntime's CPU was not seen to do so.)
 *
 * @returns in the order wanted
 * @throws RangeError with a sentence when a prompt leaves no room for a response or an option makes no sense
 */
export async function generate(
  policy: NextToken,
  tokenizer: Tokenizer,
  wanted: readonly Wanted[],
  options: GenerationOptions,
): Promise<Generated[]> {
  checkSampling(options);
  if (!Number.isInteger(options.maxTokens) || options.maxTokens < 1) {
    throw new RangeError(`A response needs at least one token, not ${options.maxTokens}.`);
  }
  if (options.stop?.includes('')) throw new RangeError('A stop text must not be empty.');
  for (const { prompt } of wanted) checkPrompt(prompt, policy.positions);
  const groups = new Map<number, number[]>();
  wanted.forEach(({ prompt }, index) => {
    const length = bucket(prompt.length, LENGTH_UNIT);
    groups.set(length, [...(groups.get(length) ?? []), index]);
  });
  const responses = new Array<Generated>(wanted.length);
  for (const [length, group] of groups) {
    const bytes = policy.bytesPerToken * Math.min(policy.positions, length + options.maxTokens);
    const fitting = Math.max(FEWEST_ROWS, Math.floor(CACHE_BYTES / bytes));
    const batch = Math.max(1, Math.min(options.batch ?? MOST_ROWS, MOST_ROWS, fitting));
    await writeAll(policy, tokenizer, wanted, group, { ...options, batch }, (index, response) => {
      responses[index] = response;
      options.onResponse?.(index, response);
    });
  }
  return responses;
}

function checkPrompt(prompt: Int32Array, positions: number): void {
  if (prompt.length === 0)
    throw new RangeError('A prompt has no tokens. Give the model some text to answer.');
  if (prompt.length >= positions) {
    throw new RangeError(
      `A prompt has ${prompt.length} tokens, but the model reads at most ${positions}, its answer included. Shorten it.`,
    );
  }
}

interface Row {
  readonly index: number;
  readonly random: Random;
  readonly text: TextStream;
  readonly tokens: number[];
  readonly most: number;
  written: string;
  logProbability: number;
}

/** Writes responses to the end, `batch` at a time: where some have ended, others begin beside those still under way. */
async function writeAll(
  policy: NextToken,
  tokenizer: Tokenizer,
  wanted: readonly Wanted[],
  indices: readonly number[],
  options: GenerationOptions & { readonly batch: number },
  done: (index: number, response: Generated) => void,
): Promise<void> {
  const { signal, batch, onText, stop = [], stopTokens = [] } = options;
  const ends = new Set([tokenizer.endOfText, ...stopTokens]);
  const draw = tokenSampler(options);
  const begun = (index: number): Row => {
    const { prompt, seed, stream } = wanted[index];
    return {
      index,
      random: random(seed, ...stream),
      text: textStream(tokenizer, stop),
      tokens: [],
      most: Math.min(options.maxTokens, policy.positions - prompt.length),
      written: '',
      logProbability: 0,
    };
  };
  const write = (row: Row, piece: string) => {
    if (piece === '') return;
    row.written += piece;
    onText?.(row.index, piece);
  };
  const promptsOf = (some: readonly Row[]) => some.map(({ index }) => wanted[index].prompt);
  signal?.throwIfAborted();
  let rows = indices.slice(0, batch).map(begun);
  let first = rows.length;
  const texts = await policy.begin(promptsOf(rows));
  while (true) {
    const appended: number[] = [];
    const open: number[] = [];
    rows.forEach((row, at) => {
      const { token, logProbability } = draw(texts.logits(at), row.random);
      row.logProbability += logProbability;
      row.tokens.push(token);
      const ended = endOf(row, token);
      if (ended === undefined) {
        open.push(at);
        appended.push(token);
      } else {
        write(row, row.text.finish());
        const { tokens, written: text, logProbability } = row;
        done(row.index, { tokens: Int32Array.from(tokens), text, logProbability, ended });
      }
    });
    if (open.length === 0 && first === indices.length) return;
    // the caller's event loop gets a turn even where the device computes on this thread
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    if (open.length < rows.length) {
      texts.keep(open);
      rows = open.map((at) => rows[at]);
    }
    if (rows.length > 0) await texts.append(Int32Array.from(appended));
    const free = batch - rows.length;
    if (first === indices.length || (rows.length > 0 && free < FREE_ROWS * batch)) continue;
    const more = indices.slice(first, first + free).map(begun);
    first += more.length;
    await texts.join(promptsOf(more));
    rows.push(...more);
  }

  function endOf(row: Row, token: number): Generated['ended'] | undefined {
    if (ends.has(token)) return 'end';
    write(row, row.text.push(token));
    if (row.text.stopped) return 'stop';
    return row.tokens.length >= row.most ? 'length' : undefined;
  }
}
