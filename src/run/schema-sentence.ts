import type { ErrorObject } from 'ajv';

/** What an error of the JSON schema checker means, as a sentence for the person. */
export function sentence(error: ErrorObject): string {
  const key =
    error.instancePath === '' ? 'The experiment' : `"${error.instancePath.slice(1).replaceAll('/', '.')}"`;
  const params: Record<string, unknown> = error.params;
  const limit = text(params.limit);
  switch (error.keyword) {
    case 'additionalProperties': {
      const unknown = text(params.additionalProperty);
      const known = Object.keys(
        isRecord(error.parentSchema?.properties) ? error.parentSchema.properties : {},
      );
      const near = nearest(unknown, known);
      return `"${unknown}" is not a key here. ${near ? `Did you mean "${near}"?` : `The keys are ${listed(known)}.`}`;
    }
    case 'required':
      return `${key} has no "${text(params.missingProperty)}". Add it.`;
    case 'type':
      return `${key} must be ${article(text(params.type))}, not ${kindOf(error.data)}.`;
    case 'anyOf':
      return `${key} must be ${branches(error)
        .map(article)
        .join(', ')
        .replace(/, ([^,]*)$/, ' or $1')}, not ${kindOf(error.data)}.`;
    case 'enum': {
      const allowed = Array.isArray(params.allowedValues) ? params.allowedValues.map(text) : [];
      return allowed.length === 1
        ? `${key} must be ${listed(allowed)} where it is a text, not ${shown(error.data)}.`
        : `${key} must be one of ${listed(allowed)}, not ${shown(error.data)}.`;
    }
    case 'discriminator':
      return `${key} must have a "kind", one of ${listed(kinds(error))}.`;
    case 'minimum':
      return `${key} must be at least ${limit}, not ${shown(error.data)}.`;
    case 'maximum':
      return `${key} must be at most ${limit}, not ${shown(error.data)}.`;
    case 'exclusiveMinimum':
      return `${key} must be greater than ${limit}, not ${shown(error.data)}.`;
    case 'minLength':
      return `${key} must not be empty.`;
    case 'maxLength':
      return `${key} must have at most ${limit} characters.`;
    default:
      return `${key} ${error.message ?? 'is wrong'}.`;
  }
}

/** Types that the branches of an `anyOf` take. */
function branches(error: ErrorObject): string[] {
  const each: unknown = error.parentSchema?.anyOf;
  return Array.isArray(each) ? each.map((branch) => (isRecord(branch) ? text(branch.type) : '')) : [];
}

/** Values of `kind` that the branches of a `oneOf` are told apart by. */
function kinds(error: ErrorObject): string[] {
  const each: unknown = error.parentSchema?.oneOf;
  if (!Array.isArray(each)) return [];
  return each.flatMap((branch) => {
    const properties = isRecord(branch) && isRecord(branch.properties) ? branch.properties : {};
    return isRecord(properties.kind) ? [text(properties.kind.const)] : [];
  });
}

function article(type: string): string {
  const words: Record<string, string> = {
    integer: 'a whole number',
    number: 'a number',
    string: 'a text',
    object: 'an object',
    array: 'a list',
    boolean: 'true or false',
  };
  return words[type] ?? type;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : shown(value);
}

function shown(value: unknown): string {
  const json = JSON.stringify(value);
  return json.length > 60 ? `${json.slice(0, 57)}…` : json;
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function listed(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(', ');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** The known key within two edits of what was written, if there is one. */
function nearest(written: string, known: readonly string[]): string | undefined {
  const near = known
    .map((key) => ({ key, edits: editDistance(written.toLowerCase(), key.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits)
    .at(0);
  return near && near.edits <= 2 && near.edits < near.key.length ? near.key : undefined;
}

/** Levenshtein's distance, row by row. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= b.length; j++) {
      row.push(Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
  }
  return row[b.length];
}
