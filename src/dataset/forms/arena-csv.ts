import { columnsOf, textIn } from '../column-finder';
import { readNamedRows, type NamedRow } from '../named-rows';
import { RecordFault } from '../record-fault';
import type { NewRecord } from '../table-builder';
import { arenaColumns, ROLES, type ArenaColumns } from './arena-columns';
import { outcomeOf } from './arena-outcome';
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
    const { at } = arenaColumns(columnsOf(sample), named);
    const roles = [at.a, at.b, at.winner].filter((name) => name !== undefined).length;
    // a table of which the winner was not found is likelier one of votes than objects that have two of these fields
    return roles < (sample.objects[0] ? 3 : 2) ? 0 : roles / 3;
  },

  found: (columns, named) => arenaColumns(columns, named).at,

  read: async (input) => {
    const { table } = input;
    let at: ArenaColumns['at'] | undefined;
    await readNamedRows(input, {
      columns: (names) => {
        const found = arenaColumns(names, input.columns);
        at = found.at;
        for (const sentence of found.assumptions) table.assume(sentence);
        return found.problems;
      },
      row: (row) => {
        if (at) table.add(voteOf(row, at), row.place, () => row.position());
      },
    });
  },
};

/** @throws RecordFault */
function voteOf(row: NamedRow, at: ArenaColumns['at']): NewRecord {
  const items = [itemIn(row, at.a), itemIn(row, at.b)];
  const responses =
    at.response_a === undefined
      ? items
      : [textIn(row, at.response_a) ?? '', textIn(row, at.response_b) ?? ''];
  if (items[0] === items[1] && responses[0] === responses[1]) {
    const message = `"${items[0]}" is compared with itself.`;
    throw new RecordFault('form/duplicate-response', [at.b ?? ''], message, 'Remove the row: it prefers nothing.'); // prettier-ignore
  }
  const winner = textIn(row, at.winner);
  const outcome = winner === undefined ? undefined : outcomeOf(winner, items);
  if (!outcome) {
    const fix = 'Write model_a, model_b or tie; left, right or tie; a, b or tie; or the name of what won.';
    const message =
      winner === undefined
        ? 'This row names no winner.'
        : `"${winner.trim()}" is not a winner that this form knows.`;
    throw new RecordFault('form/unknown-winner', [at.winner ?? ''], message, fix);
  }
  return {
    annotator: textIn(row, at.annotator),
    prompt: at.prompt === undefined ? 'any prompt' : (textIn(row, at.prompt) ?? ''),
    responses,
    items,
    ...outcome,
    asShown: true,
  };
}

function itemIn(row: NamedRow, column: string | undefined): string {
  const item = textIn(row, column);
  if (item !== undefined) return item;
  const message = 'This cell is empty; it must name what was compared.';
  throw new RecordFault('form/missing-field', [column ?? ''], message, 'Fill the cell or remove the row.');
}
