import { readFile } from 'node:fs/promises';
import {
  findNodeAtLocation,
  getNodeValue,
  parseTree,
  printParseErrorCode,
  type Node,
  type ParseError,
} from 'jsonc-parser';
import { checkPopulation, type Problem } from './check-population';
import type { Population } from './population';
import { schemaProblems } from './schema-problems';

/** Faults of a population file; the message has a line for each: `file:line:column: sentence`. */
export class PopulationError extends Error {
  override readonly name = 'PopulationError';
}

/** @throws PopulationError where the file cannot be read or is not a population */
export async function readPopulation(path: string): Promise<Population> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new PopulationError(`${path}: ${readFailure(error)}`);
  }
  return parsePopulation(text, path);
}

/**
 * @param text JSON, comments and trailing commas allowed
 * @param file name to show in messages
 * @throws PopulationError listing every fault with its place
 */
export function parsePopulation(text: string, file: string): Population {
  const fail = (faults: readonly { offset: number; message: string }[]) =>
    new PopulationError(
      faults.map(({ offset, message }) => `${file}:${place(text, offset)}: ${message}`).join('\n'),
    );
  const errors: ParseError[] = [];
  const root = treeOf(text, file, errors);
  if (errors.length > 0 || !root) {
    if (errors.length === 0)
      throw fail([{ offset: 0, message: 'The file is empty; write a population here.' }]);
    throw fail(
      errors.map(({ offset, error }) => ({ offset, message: `${spaced(printParseErrorCode(error))}.` })),
    );
  }
  const at = ({ path, message }: Problem) => ({ offset: offsetOf(root, path), message });
  const value: unknown = getNodeValue(root);
  const faults = [...duplicateKeys(root), ...schemaProblems(value).map(at)];
  if (faults.length > 0) throw fail(faults);
  const population = value as Population;
  const problems = checkPopulation(population);
  if (problems.length > 0) throw fail(problems.map(at));
  return population;
}

function treeOf(text: string, file: string, errors: ParseError[]): Node | undefined {
  try {
    return parseTree(text, errors, { allowTrailingComma: true });
  } catch (error) {
    // the parser calls itself for each level
    if (error instanceof RangeError)
      throw new PopulationError(`${file}: The file is nested too deeply to be read.`);
    throw error;
  }
}

/** 1-based line and column, the column in UTF-16 units. */
function place(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `${before.length}:${before[before.length - 1].length + 1}`;
}

/** Offset of the value at this path; or of the nearest value that holds it. */
function offsetOf(root: Node, path: Problem['path']): number {
  for (let length = path.length; length >= 0; length--) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node) return node.offset;
  }
  return root.offset;
}

/** JSON keeps the last of two equal keys without a word. */
function duplicateKeys(node: Node): { offset: number; message: string }[] {
  const seen = new Set<unknown>();
  const here = (node.type === 'object' ? (node.children ?? []) : []).flatMap((property) => {
    const key = property.children![0];
    if (!seen.has(key.value)) {
      seen.add(key.value);
      return [];
    }
    return [{ offset: key.offset, message: `"${String(key.value)}" is given twice; take one out.` }];
  });
  return [...here, ...(node.children ?? []).flatMap(duplicateKeys)];
}

/** `ValueExpected` → `Value expected` */
function spaced(code: string): string {
  return code.replace(/(?<=.)[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function readFailure(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return 'There is no such file; check the path.';
    case 'EISDIR':
      return 'This is a folder; name the population file in it.';
    case 'EACCES':
    case 'EPERM':
      return 'The file may not be read; check its permissions.';
    default:
      return `The file could not be read (${error instanceof Error ? error.message : String(error)}).`;
  }
}
