import type { Tokenizer } from '../language-model';

/** Text of a response as it grows, token by token. */
export interface TextStream {
  /** @returns what can be shown now: text that no later token changes and that cannot be part of a stop string */
  push(token: number): string;
  /** No token follows. @returns the rest */
  finish(): string;
  /** A stop string came; the text ends before it. */
  readonly stopped: boolean;
}

/** A character takes at most this many tokens; what is still no character then never becomes one. */
const LONGEST_CHARACTER = 8;
const REPLACEMENT = '\ufffd';

/** @param stop texts that end the response and are no part of it */
export function textStream(tokenizer: Tokenizer, stop: readonly string[] = []): TextStream {
  const tokens: number[] = [];
  // Tokens are decoded with those just before them, because a tokenizer may write the first word of a text without
  // the space that belongs to it: `shown` is where the last piece ended, `context` where the one before it did.
  let context = 0;
  let shown = 0;
  let held = '';
  let stopped = false;

  const decoded = (final: boolean): string => {
    const before = tokenizer.decode(tokens.slice(context, shown));
    const now = tokenizer.decode(tokens.slice(context));
    const partial = now.endsWith(REPLACEMENT) && tokens.length - shown < LONGEST_CHARACTER;
    if (now.length <= before.length || (partial && !final)) return '';
    [context, shown] = [shown, tokens.length];
    return now.slice(before.length);
  };
  const release = (piece: string, final: boolean): string => {
    held += piece;
    const ends = stop.map((text) => held.indexOf(text)).filter((at) => at >= 0);
    if (ends.length > 0) {
      stopped = true;
      const text = held.slice(0, Math.min(...ends));
      held = '';
      return text;
    }
    const keep = final ? 0 : Math.max(0, ...stop.map((text) => overlap(held, text)));
    const text = held.slice(0, held.length - keep);
    held = held.slice(held.length - keep);
    return text;
  };
  return {
    push(token) {
      if (stopped) return '';
      tokens.push(token);
      return release(decoded(false), false);
    },
    finish: () => (stopped ? '' : release(decoded(true), true)),
    get stopped() {
      return stopped;
    },
  };
}

/** Length of the longest end of `text` that `stop` begins with. */
function overlap(text: string, stop: string): number {
  for (let n = Math.min(text.length, stop.length - 1); n > 0; n--) {
    if (text.endsWith(stop.slice(0, n))) return n;
  }
  return 0;
}
