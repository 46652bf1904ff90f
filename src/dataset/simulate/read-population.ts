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
  return parsePopulation(text.replace(/^\uFEFF/, ''), path);
}

/**
 * @param text JSON, comments and trailing commas allowed
 * @param file name to show in messages
 * @throws PopulationError listing every fault with its place
 */
export function parsePopulation(text: string, file: string): Population {
  const fail = (faults: readonly Fault[]) => new PopulationError(listed(faults, text, file));
  if (text.trim() === '') throw fail([{ offset: 0, message: 'The file is empty; write a population here.' }]);
  const errors: ParseError[] = [];
  const root = treeOf(text, file, errors);
  if (errors.length > 0 || !root) {
    const what = (code: ParseError['error']) => `This is not JSON: ${spaced(printParseErrorCode(code))}.`;
    throw fail(errors.map(({ offset, error }) => ({ offset, message: what(error) })));
  }
  const at = (problem: Problem) => ({ offset: offsetOf(root, problem), message: problem.message });
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

interface Fault {
  readonly offset: number;
  readonly message: string;
}

const MOST_FAULTS = 20;

function listed(faults: readonly Fault[], text: string, file: string): string {
  const lines = faults
    .slice(0, MOST_FAULTS)
    .map(({ offset, message }) => `${file}:${place(text, offset)}: ${message}`);
  const more = faults.length - lines.length;
  return [...lines, ...(more > 0 ? [`${file}: and ${more} more faults.`] : [])].join('\n');
}

/** 1-based line and column, the column in UTF-16 units. */
function place(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `${before.length}:${before[before.length - 1].length + 1}`;
}

/** Offset of the value or key that the problem concerns, or else of the nearest value that holds it. */
function offsetOf(root: Node, { path, key }: Problem): number {
  for (let length = path.length; length >= 0; length--) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node) return key && node.parent?.type === 'property' ? node.parent.offset : node.offset;
  }
  return root.offset;
}

/** JSON keeps the last of two equal keys without a word. */
function duplicateKeys(node: Node): Fault[] {
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

/** `ValueExpected` → `value expected` */
function spaced(code: string): string {
  return code.replace(/(?<=.)[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
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
