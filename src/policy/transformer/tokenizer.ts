import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { chatTemplate } from './chat-template';
import { isJsonObject, parseObject, readText, type JsonObject } from './json-file';
import type { Tokenizer } from './language-model';
import { ModelError, reason } from './model-error';

/** Files that decide how text becomes tokens; all but the first may be absent. */
export const TOKENIZER_FILES = [
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'chat_template.jinja',
  'generation_config.json',
];

export interface LoadedTokenizer {
  readonly tokenizer: Tokenizer;
  /** The texts of its files, for the model's hash. */
  readonly sources: readonly string[];
}

/**
 * The tokenizer of a Hugging Face folder.
 *
 * @param modelConfig config.json, which may name the end-of-text token
 * @throws ModelError
 */
export async function loadTokenizer(folder: string, modelConfig: JsonObject): Promise<LoadedTokenizer> {
  const texts = await Promise.all(TOKENIZER_FILES.map((name) => readText(folder, name)));
  const [main, settings, special, template, generation] = texts;
  if (main === undefined) {
    throw new ModelError(
      `${folder} has no tokenizer.json. Write one with transformers: ` +
        `AutoTokenizer.from_pretrained(folder).save_pretrained(folder).`,
    );
  }
  const parse = (text: string | undefined, i: number): JsonObject =>
    text === undefined ? {} : parseObject(text, `${TOKENIZER_FILES[i]} of ${folder}`);
  const config = { ...parse(special, 2), ...parse(settings, 1) };
  return {
    tokenizer: buildTokenizer(parse(main, 0), config, {
      template,
      ends: [parse(generation, 4).eos_token_id, modelConfig.eos_token_id],
      where: folder,
    }),
    sources: texts.map((text) => text ?? ''),
  };
}

interface Surroundings {
  /** chat_template.jinja */
  readonly template?: string;
  /** Other places that may give the end-of-text token's id, the most telling first. */
  readonly ends: readonly unknown[];
  /** For messages. */
  readonly where: string;
}

/** @throws ModelError where the tokenizer is of an unknown kind or ends no text */
export function buildTokenizer(json: JsonObject, config: JsonObject, surroundings: Surroundings): Tokenizer {
  const { where } = surroundings;
  let inner: HuggingFaceTokenizer;
  let vocabulary: number;
  try {
    inner = new HuggingFaceTokenizer(json, config);
    keepByteOrderMarks(inner.decoder);
    vocabulary = Math.max(-1, ...[...inner.get_vocab(true).values()].map(Number)) + 1;
  } catch (error) {
    throw new ModelError(`The tokenizer.json of ${where} cannot be used: ${reason(error)}.`);
  }
  const special = specialTokens(config);
  const id = (token: string | undefined) => (token === undefined ? undefined : inner.token_to_id(token));
  const endOfText = id(special.eos_token) ?? surroundings.ends.map(firstId).find((end) => end !== undefined);
  if (endOfText === undefined) {
    throw new ModelError(
      `Nothing in ${where} says which token ends a text. Set "eos_token" in its tokenizer_config.json.`,
    );
  }
  const source = surroundings.template ?? templateOf(config);
  const chat = source === undefined ? undefined : chatTemplate(source, special, where);
  const ids = (text: string, add: boolean) => inner.encode(text, { add_special_tokens: add }).ids;
  const before = tokensBefore(ids);
  const first = id(special.bos_token) ?? endOfText;
  return {
    vocabulary,
    endOfText,
    encode: (text) => Int32Array.from(ids(text, false)),
    decode: (tokens) =>
      tokens.length === 0
        ? ''
        : inner.decode(Array.from(tokens), {
            skip_special_tokens: true,
            clean_up_tokenization_spaces: false,
          }),
    encodePrompt: (prompt) => {
      // a chat template writes its own special tokens
      const tokens = chat ? ids(chat(prompt), false) : [...before, ...ids(prompt, false)];
      // a prompt has a token at least: it predicts the first token of the response
      return Int32Array.from(tokens.length === 0 ? [first] : tokens);
    },
  };
}

/** The library's decoder of byte tokens drops U+FEFF, which the one in Python keeps. */
function keepByteOrderMarks(decoder: unknown): void {
  // its decoders are functions with properties
  if (typeof decoder !== 'function' && (typeof decoder !== 'object' || decoder === null)) return;
  if ('text_decoder' in decoder) decoder.text_decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  if ('decoders' in decoder && Array.isArray(decoder.decoders)) decoder.decoders.forEach(keepByteOrderMarks);
}

/** Tokens that are put before a text. One that is put behind it would separate a prompt from its response. */
function tokensBefore(ids: (text: string, addSpecialTokens: boolean) => number[]): number[] {
  const plain = ids('a', false);
  const added = ids('a', true);
  const start = added.findIndex((_, i) => plain.every((token, j) => added[i + j] === token));
  return added.slice(0, Math.max(0, start));
}

/** bos_token, eos_token, …: strings, or objects with the string as their content. */
function specialTokens(config: JsonObject): Record<string, string> {
  const tokens: Record<string, string> = {};
  for (const [name, value] of Object.entries(config)) {
    const text = isJsonObject(value) ? value.content : value;
    if (/^\w+_token$/.test(name) && typeof text === 'string') tokens[name] = text;
  }
  return tokens;
}

/** `chat_template`: one, or several by name, of which `default` is meant. */
function templateOf(config: JsonObject): string | undefined {
  const template = config.chat_template;
  if (typeof template === 'string') return template;
  if (!Array.isArray(template)) return undefined;
  const byName = (template as unknown[]).filter(isJsonObject).find(({ name }) => name === 'default');
  return typeof byName?.template === 'string' ? byName.template : undefined;
}

function firstId(value: unknown): number | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'number' && Number.isSafeInteger(first) && first >= 0 ? first : undefined;
}
