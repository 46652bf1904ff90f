import type { ColumnNames } from './forms/form';
import { isObject } from './json-lines';
import type { NamedRow } from './named-rows';
import { wrongType } from './fields';
import { delimiterOf } from './csv-rows';
import { child } from './json-place';
import { meanOverObjects, type Sample } from './sample';

/** Finds the columns of a file by role: those that the person named, otherwise the usual ones. */
export interface ColumnFinder {
  /** The column for a role, in any case; undefined where there is none. What was named and is not there is a problem. */
  find(role: string, usual: readonly string[]): string | undefined;
  /** Sentences. */
  readonly problems: readonly string[];
}

export function columnFinder(columns: readonly string[], named: ColumnNames): ColumnFinder {
  const byName = new Map(columns.map((name) => [name.trim().toLowerCase(), name]));
  const problems: string[] = [];
  return {
    problems,
    find: (role, usual) => {
      const asked = named[role];
      if (asked === undefined)
        return usual.map((name) => byName.get(name)).find((name) => name !== undefined);
      const found = columns.find((name) => name === asked) ?? byName.get(asked.toLowerCase());
      if (found === undefined) problems.push(`There is no column "${asked}", which was named for ${role}.`);
      return found;
    },
  };
}

/** The columns of a file by its beginning: the keys of its first object, or the cells of its first line. */
export function columnsOf({ objects, lines }: Sample): readonly string[] {
  const [object] = objects;
  if (object) return (object.children ?? []).map((property) => String(property.children?.[0].value));
  if (lines.length === 0 || /^\s*[{[]/.test(lines[0])) return [];
  return lines[0].split(delimiterOf(lines[0])).map((cell) => cell.trim().replace(/^"(.*)"$/s, '$1'));
}

/**
 * How well fields fit: of a table with a header, the score of its columns; of objects, the mean over them.
 *
 * @param score by whether there is a field of a name
 */
export function scoreOfFields(sample: Sample, score: (has: (field: string) => boolean) => number): number {
  if (sample.objects.some((object) => object !== undefined))
    return meanOverObjects(sample, (object) => score((field) => child(object, field) !== undefined));
  const columns = new Set(columnsOf(sample));
  return score((field) => columns.has(field));
}

/** The text in a column; undefined where it is empty or there is no such column. @throws RecordFault */
export function textIn(row: NamedRow, column: string | undefined): string | undefined {
  const value = column === undefined ? undefined : row.get(column);
  if (value === undefined || typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (isObject(value) || Array.isArray(value)) return JSON.stringify(value);
  throw wrongType([column ?? ''], 'a text', value);
}

/** The columns that people usually have for a role, lower case. */
export const USUAL = {
  annotator: ['annotator', 'annotator_id', 'annotatorid', 'judge', 'judge_id', 'judgeid', 'worker', 'worker_id', 'workerid', 'rater', 'rater_id', 'user', 'user_id', 'participant', 'participant_id', 'labeler', 'labeller'],
  prompt: ['prompt', 'prompt_id', 'question', 'question_id', 'instruction', 'query', 'user_prompt', 'context'],
  response: ['response', 'answer', 'completion', 'output', 'model_response', 'text', 'candidate', 'option'],
  item: ['item', 'model', 'model_name', 'system', 'alternative'],
  group: ['group', 'ranking_id', 'rankingid', 'task_id', 'session_id', 'interaction_id', 'record_id'],
  rank: ['rank', 'ranking', 'place', 'position'],
  score: ['score', 'rating', 'overall_score', 'points', 'stars'],
} as const; // prettier-ignore
