import { columnsOf, textIn } from '../column-finder';
import { readNamedRows, type NamedRow } from '../named-rows';
import { RecordFault } from '../record-fault';
import type { Ranked } from '../scores';
import type { NewRecord } from '../table-builder';
import { arenaColumns, ROLES, type ArenaColumns } from './arena-columns';
import { OUTCOME_FIELDS, outcomeOf, outcomeOfFields } from './arena-outcome';
import type { Form } from './form';

/**
 * One vote a row: two items (the models), who won, and optionally who judged, the prompt and the texts of the two
 * answers. CSV with a header, or objects. Items are shared across prompts.
 */
export const arenaCsv: Form = {
  name: 'arena-csv',
  title: 'CSV or JSON rows, one vote each, with columns such as model_a, model_b, winner, judge, prompt',
  endings: ['.csv', '.tsv'],
  roles: ROLES,

  fits: (sample, named) => {
    const { at, byOutcome } = arenaColumns(columnsOf(sample), named);
    const winner = at.winner ?? (byOutcome ? OUTCOME_FIELDS.a : undefined);
    const roles = [at.a, at.b, winner].filter((name) => name !== undefined).length;
    // a table of which the winner was not found is likelier one of votes than objects that have two of these fields
    return roles < (sample.objects[0] ? 3 : 2) ? 0 : roles / 3;
  },

  found: (columns, named) => arenaColumns(columns, named).at,

  read: async (input) => {
    const { table } = input;
    let found: ArenaColumns | undefined;
    await readNamedRows(input, {
      columns: (names) => {
        found = arenaColumns(names, input.columns);
        for (const sentence of found.assumptions) table.assume(sentence);
        return found.problems;
      },
      row: (row) => {
        if (found) table.add(voteOf(row, found), row.place, () => row.position());
      },
    });
  },
};

/** @throws RecordFault */
function voteOf(row: NamedRow, { at, byOutcome }: ArenaColumns): NewRecord {
  const items = [itemIn(row, at.a), itemIn(row, at.b)];
  const responses =
    at.response_a === undefined
      ? items
      : [textIn(row, at.response_a) ?? '', textIn(row, at.response_b) ?? ''];
  if (items[0] === items[1] && responses[0] === responses[1]) {
    const message = `"${items[0]}" is compared with itself.`;
    throw new RecordFault('form/duplicate-response', [at.b ?? ''], message, 'Remove the row: it prefers nothing.'); // prettier-ignore
  }
  return {
    annotator: textIn(row, at.annotator),
    prompt: at.prompt === undefined ? 'any prompt' : (textIn(row, at.prompt) ?? ''),
    responses,
    items,
    ...(byOutcome ? outcomeInColumns(row) : outcomeNamed(row, at.winner, items)),
    asShown: true,
  };
}

function outcomeNamed(row: NamedRow, column: string | undefined, items: readonly string[]): Ranked {
  const winner = textIn(row, column);
  const outcome = winner === undefined ? undefined : outcomeOf(winner, items);
  if (outcome) return outcome;
  const fix = 'Write model_a, model_b or tie; left, right or tie; a, b or tie; or the name of what won.';
  const message =
    winner === undefined
      ? 'This row names no winner.'
      : `"${winner.trim()}" is not a winner that this form knows.`;
  throw new RecordFault('form/unknown-winner', [column ?? ''], message, fix);
}

function outcomeInColumns(row: NamedRow): Ranked {
  const outcome = outcomeOfFields((field) => row.get(field));
  if (outcome) return outcome;
  const message = 'This row does not say which of the two won.';
  const fix = `Write 1 into one of ${OUTCOME_FIELDS.a}, ${OUTCOME_FIELDS.b} and ${OUTCOME_FIELDS.tie}, and 0 into the others.`;
  throw new RecordFault('form/unknown-winner', [OUTCOME_FIELDS.a], message, fix);
}

function itemIn(row: NamedRow, column: string | undefined): string {
  const item = textIn(row, column);
  if (item !== undefined) return item;
  const message = 'This cell is empty; it must name what was compared.';
  throw new RecordFault('form/missing-field', [column ?? ''], message, 'Fill the cell or remove the row.');
}
