import { Environment, Interpreter, parse, tokenize } from '@huggingface/jinja';
import { ModelError, reason } from './model-error';

/** Writes one user message, and the beginning of the answer, as the model expects them. */
export type ChatTemplate = (prompt: string) => string;

/**
 * Templates that write the date get this one: the same prompt must give the same tokens on every day, or cached
 * log-probabilities would be another text's. It is the date that Llama 3's own template falls back to.
 */
const DATE = new Date(2024, 6, 26);
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

/**
 * @param source Jinja, as in `chat_template` of tokenizer_config.json
 * @param specialTokens such as bos_token and eos_token, which templates refer to
 * @param file for messages
 * @throws ModelError where the template is not understood; the function returned, where it fails or refuses the prompt
 */
export function chatTemplate(
  source: string,
  specialTokens: Readonly<Record<string, string>>,
  file: string,
): ChatTemplate {
  const failed = (error: unknown) =>
    new ModelError(
      `The chat template of ${file} fails: ${reason(error)} ` +
        `Correct it, or remove "chat_template" to give the model the prompt as it is.`,
    );
  let program: ReturnType<typeof parse>;
  try {
    program = parse(tokenize(source, { lstrip_blocks: true, trim_blocks: true }));
  } catch (error) {
    throw failed(error);
  }
  return (prompt) => {
    const stand = standIn(prompt + source);
    const environment = new Environment();
    for (const [name, value] of Object.entries({
      ...globals,
      ...specialTokens,
      messages: [{ role: 'user', content: prompt.replaceAll(MARK, stand) }],
      add_generation_prompt: true,
    })) {
      environment.set(name, value);
    }
    try {
      const text = new Interpreter(environment).run(program);
      if (typeof text.value === 'string') return text.value.replaceAll(stand, MARK);
    } catch (error) {
      throw failed(error);
    }
    throw failed(new Error('it gives no text.'));
  };
}

/** A byte order mark is white space to the `trim` of JavaScript, but not to that of Python. */
const MARK = '\ufeff';

/** A character of the private use area that the text does not have. */
function standIn(text: string): string {
  let code = 0xe000;
  while (text.includes(String.fromCharCode(code))) code++;
  return String.fromCharCode(code);
}

/** What transformers defines for every template. */
const globals = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
  tools: null,
  documents: null,
  raise_exception: (message: string) => {
    throw new Error(message);
  },
  range: (from: number, to?: number, step = 1) => {
    const [start, end] = to === undefined ? [0, from] : [from, to];
    return Array.from({ length: Math.max(0, Math.ceil((end - start) / step)) }, (_, i) => start + i * step);
  },
  strftime_now: (format: string) => format.replace(/%[YmdbBHM%]/g, (part) => datePart(part)),
};

function datePart(part: string): string {
  const month = MONTHS[DATE.getMonth()];
  const two = (n: number) => String(n).padStart(2, '0');
  const parts: Readonly<Record<string, string>> = {
    '%Y': String(DATE.getFullYear()),
    '%m': two(DATE.getMonth() + 1),
    '%d': two(DATE.getDate()),
    '%b': month.slice(0, 3),
    '%B': month,
    '%H': '00',
    '%M': '00',
    '%%': '%',
  };
  return parts[part];
}
