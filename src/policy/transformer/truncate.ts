/** A ranking's prompt and responses as tokens. */
export interface TokenRecord {
  /** 1-based line of the record in its dataset, for messages. */
  readonly line: number;
  /** At least one token: it predicts the first token of each response. */
  readonly prompt: Int32Array;
  /** Without the end-of-text token. */
  readonly responses: readonly Int32Array[];
}

export interface TruncationLimits {
  /** Longest prompt kept, in tokens; what is cut is cut from its beginning. */
  readonly prompt: number;
  /** Longest response kept, the end-of-text token included; what is cut is cut from its end. */
  readonly response: number;
}

/** Responses of one record that have the same tokens, so that their comparison teaches nothing. */
export interface EqualResponses {
  readonly line: number;
  /** Places in the record's `responses`, two or more. */
  readonly responses: readonly number[];
  /** They were different texts before they were cut. */
  readonly byTruncation: boolean;
}

export interface Truncated {
  /** As many as were given, in the same order, each response ended by the end-of-text token unless that was cut off. */
  readonly records: readonly TokenRecord[];
  readonly promptsCut: number;
  readonly responsesCut: number;
  readonly equal: readonly EqualResponses[];
}

/**
 * Cuts every prompt and response to the limits. What is left of a response depends on its own text and prompt alone, so
 * that its log-probability is the same in every record that shows it.
 *
 * @throws Error where a record has an empty prompt or a limit is below 1
 */
export function truncate(
  records: readonly TokenRecord[],
  limits: TruncationLimits,
  endOfText: number,
): Truncated {
  for (const [what, limit] of Object.entries(limits) as [string, number][]) {
    if (!Number.isInteger(limit) || limit < 1) {
      throw new Error(`The longest ${what} must be a whole number of tokens of at least 1, not ${limit}.`);
    }
  }
  let promptsCut = 0;
  let responsesCut = 0;
  const equal: EqualResponses[] = [];
  const kept = records.map(({ line, prompt, responses }): TokenRecord => {
    if (prompt.length === 0) {
      throw new Error(
        `The prompt of line ${line} has no tokens. Give the tokenizer a beginning-of-text token.`,
      );
    }
    if (prompt.length > limits.prompt) promptsCut++;
    const ended = responses.map((response) => withEnd(response, endOfText));
    const cut = ended.map((response) => response.subarray(0, limits.response));
    responsesCut += ended.filter((response) => response.length > limits.response).length;
    for (const group of groupsOfEqual(cut)) {
      const byTruncation = groupsOfEqual(group.map((i) => ended[i])).every(
        ({ length }) => length < group.length,
      );
      equal.push({ line, responses: group, byTruncation });
    }
    return { line, prompt: prompt.subarray(Math.max(0, prompt.length - limits.prompt)), responses: cut };
  });
  return { records: kept, promptsCut, responsesCut, equal };
}

/** Indexes of equal sequences, in groups of two or more. */
function groupsOfEqual(sequences: readonly Int32Array[]): number[][] {
  const groups = new Map<string, number[]>();
  sequences.forEach((sequence, i) => {
    const key = sequence.join();
    groups.set(key, [...(groups.get(key) ?? []), i]);
  });
  return [...groups.values()].filter(({ length }) => length > 1);
}

function withEnd(response: Int32Array, endOfText: number): Int32Array {
  const ended = new Int32Array(response.length + 1);
  ended.set(response);
  ended[response.length] = endOfText;
  return ended;
}
