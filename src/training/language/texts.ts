import type { RankingTable } from '../../dataset/table';
import type { Tokenizer } from '../../policy/transformer/language-model';
import { truncate, type TokenRecord } from '../../policy/transformer/truncate';

/** The prompts and responses of a dataset as tokens, cut to length. */
export interface Texts {
  /** By prompt id of the table; empty where no used response belongs to it. */
  readonly prompt: readonly Int32Array[];
  /** By response id, ended by the end-of-text token unless that was cut off; empty where a response is not used. */
  readonly response: readonly Int32Array[];
  readonly promptOf: Int32Array;
  /** By response: the first response of the same prompt with the same tokens, itself where there is none before it. */
  readonly sameAs: Int32Array;
  /** Responses in use, in the order of their ids. */
  readonly used: Int32Array;
  readonly promptsCut: number;
  readonly responsesCut: number;
}

export interface TextLimits {
  readonly promptTokens: number;
  readonly responseTokens: number;
}

const NOTHING = new Int32Array(0);

/** Tokens of every response that a choice set offers, and of their prompts. */
export function encodeTexts(
  table: Pick<RankingTable, 'prompts' | 'responses' | 'responsePrompt'>,
  options: Int32Array,
  tokenizer: Tokenizer,
  limits: TextLimits,
): Texts {
  const used = Int32Array.from(new Set(options)).sort();
  const byPrompt = new Map<number, number[]>();
  for (const y of used) {
    const x = table.responsePrompt[y];
    const members = byPrompt.get(x);
    if (members) members.push(y);
    else byPrompt.set(x, [y]);
  }
  const prompt = new Array<Int32Array>(table.prompts.size).fill(NOTHING);
  const response = new Array<Int32Array>(table.responses.size).fill(NOTHING);
  const sameAs = new Int32Array(table.responses.size).map((_, y) => y);
  let promptsCut = 0;
  let responsesCut = 0;
  for (const [x, members] of byPrompt) {
    const record: TokenRecord = {
      line: 0,
      prompt: withFirst(tokenizer.encodePrompt(table.prompts.text(x)), tokenizer),
      responses: members.map((y) => tokenizer.encode(table.responses.text(y))),
    };
    const cut = truncate(
      [record],
      { prompt: limits.promptTokens, response: limits.responseTokens },
      tokenizer.endOfText,
    );
    prompt[x] = cut.records[0].prompt;
    members.forEach((y, i) => (response[y] = cut.records[0].responses[i]));
    for (const { responses: places } of cut.equal)
      for (const i of places) sameAs[members[i]] = members[places[0]];
    promptsCut += cut.promptsCut;
    responsesCut += cut.responsesCut;
  }
  return { prompt, response, promptOf: table.responsePrompt, sameAs, used, promptsCut, responsesCut };
}

/** A prompt without any token cannot predict a response's first one; end-of-text then begins the text. */
function withFirst(prompt: Int32Array, { endOfText }: Tokenizer): Int32Array {
  return prompt.length > 0 ? prompt : Int32Array.of(endOfText);
}
