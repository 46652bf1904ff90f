import Ajv from 'ajv';
import type { ErrorObject } from 'ajv';
import { findNodeAtLocation, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';
import schema from '../../schema/experiment.schema.json';
import { sentence } from './schema-sentence';

/** One fault of an experiment file. Line and column are 1-based; columns count UTF-16 units. */
export interface ExperimentFault {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

// strict: false, because the schema also holds what editors read (markdownDescription, defaultSnippets)
const conforms = new Ajv({ allErrors: true, strict: false, discriminator: true, verbose: true }).compile(
  schema,
);

/**
 * Checks the text of an experiment file, JSON with comments, against the schema.
 *
 * @returns every fault in file order, none for a good file
 */
export function checkExperiment(text: string): ExperimentFault[] {
  const syntax: ParseError[] = [];
  const tree = treeOf(text, syntax);
  if (tree === 'too deep')
    return [{ line: 1, column: 1, message: 'The file is nested too deeply to be read.' }];
  if (tree === undefined && syntax.every(({ error }) => printParseErrorCode(error) === 'ValueExpected')) {
    return [
      { line: 1, column: 1, message: 'The file is empty. Write an experiment, such as {"dataset": "…"}.' },
    ];
  }
  if (tree === undefined || syntax.length > 0) {
    return syntax.map((error) => ({ ...place(text, error.offset), message: syntaxSentence(error) }));
  }
  const repeated = repeatedKeys(tree).map((key) => ({
    ...place(text, key.offset),
    message: `"${String(key.value)}" is given twice. Leave one.`,
  }));
  if (conforms(valueOf(tree))) return repeated;
  const faults = relevant(conforms.errors ?? []).map((error) => ({
    ...place(text, nodeOf(tree, error).offset),
    message: sentence(error),
  }));
  return [...repeated, ...faults].sort((a, b) => a.line - b.line || a.column - b.column);
}

function treeOf(text: string, syntax: ParseError[]): Node | undefined | 'too deep' {
  try {
    return parseTree(text, syntax, { allowTrailingComma: true });
  } catch (error) {
    // the parser calls itself for each level
    if (error instanceof RangeError) return 'too deep';
    throw error;
  }
}

/** The plain value a parsed tree stands for. */
export function valueOf(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(valueOf);
  if (node.type !== 'object') return node.value;
  return Object.fromEntries(
    (node.children ?? []).flatMap((property) =>
      property.children?.length === 2 ? [[property.children[0].value, valueOf(property.children[1])]] : [],
    ),
  );
}

/**
 * Of an `anyOf`, the errors of the branches that a value of this kind can never take say nothing to the person:
 * who writes an object for `dataset` need not hear that it is no string.
 */
function relevant(errors: readonly ErrorObject[]): ErrorObject[] {
  const branch = (error: ErrorObject) => /^(.*\/anyOf)\/(\d+)\//.exec(error.schemaPath);
  const wrongKind = errors.filter((e) => /\/anyOf\/\d+\/type$/.test(e.schemaPath));
  const untagged = errors.filter((e) => e.keyword === 'discriminator').map((e) => e.instancePath);
  const kept = errors.filter((error) => {
    if (error.keyword === 'required' && untagged.includes(error.instancePath)) return false; // says it less well
    const own = branch(error);
    if (own === null) return error.keyword !== 'anyOf' && error.keyword !== 'oneOf';
    const wrong = (w: ErrorObject) =>
      w.schemaPath === `${own[1]}/${own[2]}/type` && error.instancePath.startsWith(w.instancePath);
    return !wrongKind.some(wrong);
  });
  // every branch was of the wrong kind: then the anyOf itself is what is wrong
  const failed = errors.filter(
    (e) => e.keyword === 'anyOf' && !kept.some((k) => k.instancePath.startsWith(e.instancePath)),
  );
  return [...kept, ...failed];
}

/** Where to point: at the key nobody knows, else at the value that is wrong. */
function nodeOf(tree: Node, error: ErrorObject): Node {
  let node = tree;
  for (const part of error.instancePath.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    node = findNodeAtLocation(node, [node.type === 'array' ? Number(key) : key]) ?? node;
  }
  if (error.keyword !== 'additionalProperties') return node;
  const unknown: unknown = error.params.additionalProperty;
  return node.children?.find((property) => property.children?.[0].value === unknown) ?? node;
}

function repeatedKeys(node: Node): Node[] {
  const found = (node.children ?? []).flatMap(repeatedKeys);
  if (node.type !== 'object') return found;
  const seen = new Set<unknown>();
  for (const property of node.children ?? []) {
    const key = property.children?.[0];
    if (key === undefined) continue;
    if (seen.has(key.value)) found.push(key);
    seen.add(key.value);
  }
  return found;
}

function syntaxSentence(error: ParseError): string {
  const words = printParseErrorCode(error.error)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return `This is not JSON: ${words}.`;
}

function place(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const lines = before.split(/\r\n|\r|\n/);
  return { line: lines.length, column: lines[lines.length - 1].length + 1 };
}
