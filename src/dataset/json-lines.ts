import type { FormInput } from './forms/form';
import { placeOf, syntaxError } from './json-place';
import { linesOf, wholeLine, type Line } from './lines';
import { RecordFault } from './record-fault';
import type { FindingLog } from './finding-log';

/** A JSON object as it was read: nothing is known of its fields yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Hands over the JSON object of each line that is not blank; a RecordFault is reported at the field it names. */
export async function readJsonLines(
  input: FormInput,
  use: (value: JsonObject, line: Line) => void,
): Promise<void> {
  for await (const lines of linesOf(input.source, input.log)) {
    for (const line of lines) {
      const value = parseObject(line, input.log);
      if (!value) continue;
      try {
        use(value, line);
      } catch (error) {
        if (!(error instanceof RecordFault)) throw error;
        input.log.unused(asFault(error), placeOf(line, error.path));
      }
    }
  }
}

const asFault = ({ code, message, fix }: RecordFault) => ({ code, message, fix });

function parseObject(line: Line, log: FindingLog): JsonObject | null {
  let value: unknown;
  try {
    value = JSON.parse(line.text);
  } catch {
    if (line.text.trim() !== '') reportSyntax(line, log);
    return null;
  }
  if (isObject(value)) return value;
  log.unused(
    {
      code: 'form/not-an-object',
      message: `This line holds ${kindOf(value)}; a record is a JSON object.`,
      fix: 'Put one record, {…}, on each line. A JSON array becomes lines with: jq -c ".[]" in.json > out.jsonl',
    },
    wholeLine(line),
  );
  return null;
}

function reportSyntax(line: Line, log: FindingLog): void {
  const { what, word, position } = syntaxError(line);
  if (/^-?(NaN|Infinity|inf)$/i.test(word)) {
    log.unused(
      {
        code: 'form/not-finite',
        message: `${word} is no number that JSON knows, so this line could not be read.`,
        fix: 'Replace it by a finite number, or leave the field out.',
      },
      position,
    );
    return;
  }
  const fix = 'Write one complete JSON object on each line, without line breaks inside it.';
  log.unused({ code: 'form/bad-json', message: `This line ${what}.`, fix }, position);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a value is, as a person calls it: "a string", "null". */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  return `a ${typeof value}`;
}
