import { Ajv, type ErrorObject } from 'ajv';
import schema from '../../../schema/population.schema.json';
import type { Problem } from './check-population';

const validate = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true }).compile(schema);

/** What the JSON schema says against this value, in sentences; empty when it fits. */
export function schemaProblems(value: unknown): Problem[] {
  if (validate(value)) return [];
  // `if` only repeats what the error inside says
  return (validate.errors ?? []).filter((error) => error.keyword !== 'if').map(schemaProblem);
}

function schemaProblem(error: ErrorObject): Problem {
  const path = pathOf(error.instancePath);
  const what = path.length > 0 ? nameOf(path) : 'A population';
  const params = error.params as Readonly<Record<string, unknown>>;
  switch (error.keyword) {
    case 'required':
      return { path, message: `${what} has no "${String(params.missingProperty)}"; add it.` };
    case 'additionalProperties': {
      const name = String(params.additionalProperty);
      return {
        path: [...path, name],
        key: true,
        message: `${what} cannot have "${name}"; mend the name or take it out.`,
      };
    }
    case 'enum':
      return { path, message: `${what} must be one of ${(error.schema as string[]).join(', ')}.` };
    case 'false schema':
      return { path, key: true, message: `${what} has no meaning in this format; take it out.` };
    case 'type':
      return { path, message: `${what} must be ${withArticle(String(params.type))}.` };
    case 'minItems':
    case 'maxItems':
      return { path, message: `${what} must have ${bound(error)} entries.` };
    case 'minLength':
    case 'minProperties':
      return { path, message: `${what} must not be empty.` };
    case 'minimum':
    case 'maximum':
      return { path, message: `${what} must be ${bound(error)}.` };
    default:
      return { path, message: `${what} ${error.message ?? 'does not fit the schema'}.` };
  }
}

function bound(error: ErrorObject): string {
  return `${error.keyword.startsWith('min') ? 'at least' : 'at most'} ${String(error.schema)}`;
}

function withArticle(type: string): string {
  const name = type === 'integer' ? 'whole number' : type === 'array' ? 'list' : type;
  return `${name === 'object' ? 'an' : 'a'} ${name}`;
}

function pathOf(pointer: string): (string | number)[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** `types[1].share` */
function nameOf(path: Problem['path']): string {
  return path.reduce<string>(
    (name, part) => (typeof part === 'number' ? `${name}[${part}]` : name ? `${name}.${part}` : part),
    '',
  );
}
