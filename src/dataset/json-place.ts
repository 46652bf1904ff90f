import { parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import type { Position } from '../protocol/finding';
import { wholeLine, within, type Line } from './lines';
import type { JsonPath } from './record-fault';

const STRICT = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false };

/** The place of a field in a line of valid JSON; of the innermost value that exists, where the field is missing. */
export function placeOf(line: Line, path: JsonPath): Position {
  let node = treeOf(line.text, []);
  for (const step of path) {
    const inner = node && child(node, step);
    if (!inner) break;
    node = inner;
  }
  return node ? within(line, node.offset, node.offset + node.length) : wholeLine(line);
}

/** What is wrong with a line that is not JSON, where, and the word that begins there. */
export function syntaxError(line: Line): { what: string; word: string; position: Position } {
  const errors: ParseError[] = [];
  treeOf(line.text, errors);
  if (errors.length === 0) return { what: 'is not JSON', word: '', position: wholeLine(line) };
  const { error, offset, length } = errors[0];
  // the parser ends -Infinity after its sign; the end of the line has no width to point at
  const word = /^-?[A-Za-z]*/.exec(line.text.slice(offset))?.[0] ?? '';
  const from = Math.min(offset, Math.max(line.text.length - 1, 0));
  const to = Math.min(offset + Math.max(length, word.length), line.text.length);
  const what = SAYING[printParseErrorCode(error)] ?? 'is not JSON';
  return { what, word, position: within(line, from, Math.max(to, from + 1)) };
}

/** The tree of a text that need not be valid; undefined when it is empty or nested too deeply to walk. */
export function treeOf(text: string, errors: ParseError[]): Node | undefined {
  try {
    return parseTree(text, errors, STRICT);
  } catch (error) {
    if (error instanceof RangeError) return undefined; // the parser recurses
    throw error;
  }
}

/** The value under a key or index; the last of equal keys, as JSON.parse has it. */
export function child(node: Node, step: string | number): Node | undefined {
  if (node.type === 'array') return typeof step === 'number' ? node.children?.[step] : undefined;
  if (node.type !== 'object') return undefined;
  return node.children?.findLast((property) => property.children?.[0].value === step)?.children?.[1];
}

const SAYING: Readonly<Record<string, string>> = {
  InvalidSymbol: 'has a word here that is not JSON',
  InvalidNumberFormat: 'has a malformed number here',
  PropertyNameExpected: 'lacks a field name in double quotes here',
  ValueExpected: 'lacks a value here',
  ColonExpected: 'lacks a colon here',
  CommaExpected: 'lacks a comma here',
  CloseBraceExpected: 'lacks a closing brace here',
  CloseBracketExpected: 'lacks a closing bracket here',
  EndOfFileExpected: 'goes on after the end of the JSON value',
  InvalidCommentToken: 'has a comment, which JSON does not allow',
  UnexpectedEndOfComment: 'has a comment, which JSON does not allow',
  UnexpectedEndOfString: 'has a string without an end',
  UnexpectedEndOfNumber: 'has an unfinished number here',
  InvalidUnicode: 'has a malformed \\u escape here',
  InvalidEscapeCharacter: 'has an unknown escape here',
  InvalidCharacter: 'has a control character in a string here',
};
