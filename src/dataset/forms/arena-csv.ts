import { cellPlace, delimiterOf, readCsvRows, rowPlace, type Row } from '../csv-rows';
import type { Fault } from '../finding-log';
import { wholeLine } from '../lines';
import { arenaColumns, ROLES, type ArenaColumns } from './arena-columns';
import { outcomeOf } from './arena-outcome';
import type { Form, FormInput } from './form';

/**
 * One vote a row, with a header: two items (the models), who won, and optionally who judged, the prompt and the texts
 * of the two answers. Items are shared across prompts.
 */
export const arenaCsv: Form = {
  name: 'arena-csv',
  title: 'CSV with a header, one vote a row with columns such as model_a, model_b, winner, judge, prompt',
  endings: ['.csv', '.tsv'],
  roles: ROLES,

  fits: ({ lines }, columns) => {
    if (lines.length === 0 || lines[0].startsWith('{')) return 0;
    const header = lines[0].split(delimiterOf(lines[0])).map((cell) => cell.replace(/^"(.*)"$/, '$1'));
    const found = arenaColumns(header, columns);
    const roles = [found.at.a, found.at.b, found.at.winner].filter((index) => index >= 0).length;
    return roles < 2 ? 0 : roles / 3;
  },

  read: async (input) => {
    const seen: { columns?: ArenaColumns } = {};
    await readCsvRows(input, (row) => {
      if (seen.columns) {
        readVote(row, seen.columns, input);
        return true;
      }
      seen.columns = arenaColumns(row.cells, input.columns);
      return checkHeader(row, seen.columns, input);
    });
  },
};

/** Reports columns that must exist and do not. @returns whether the votes can be read */
function checkHeader(
  header: Row,
  { at, problems, assumptions }: ArenaColumns,
  { table, log }: FormInput,
): boolean {
  for (const sentence of assumptions) table.assume(sentence);
  for (const message of problems) {
    const fix = 'Name the columns, such as a=model_1, b=model_2, winner=vote. The file has: ';
    log.broken(
      { code: 'form/missing-column', message, fix: `${fix}${header.cells.join(', ')}.` },
      wholeLine(header.lines[0]),
    );
  }
  return problems.length === 0 && at.a >= 0;
}

function readVote(row: Row, { at, count }: ArenaColumns, { table, log }: FormInput): void {
  const { cells } = row;
  const unused = (fault: Fault, cell: number) => {
    log.unused(fault, cell < 0 ? rowPlace(row) : cellPlace(row, cell));
  };
  if (cells.length !== count) {
    const message = `This row has ${cells.length} cells and the header ${count}.`;
    const fix = 'Put cells that hold the delimiter or a line break in double quotes.';
    unused({ code: 'form/column-count', message, fix }, -1);
    return;
  }
  for (const role of ['a', 'b'] as const) {
    if (cells[at[role]].trim() !== '') continue;
    const message = 'This cell is empty; it must name what was compared.';
    unused({ code: 'form/missing-field', message, fix: 'Fill the cell or remove the row.' }, at[role]);
    return;
  }
  const items = [cells[at.a], cells[at.b]];
  const responses = at.response_a >= 0 ? [cells[at.response_a], cells[at.response_b]] : items;
  if (items[0] === items[1] && responses[0] === responses[1]) {
    const message = `"${items[0]}" is compared with itself.`;
    unused({ code: 'form/duplicate-response', message, fix: 'Remove the row: it prefers nothing.' }, at.b);
    return;
  }
  const outcome = outcomeOf(cells[at.winner], items);
  if (!outcome) {
    const fix = 'Write model_a, model_b or tie; left, right or tie; a, b or tie; or the name of what won.';
    const value = cells[at.winner].trim();
    const message =
      value === '' ? 'This row names no winner.' : `"${value}" is not a winner that this form knows.`;
    unused({ code: 'form/unknown-winner', message, fix }, at.winner);
    return;
  }
  table.add(
    {
      annotator: at.annotator < 0 ? undefined : cells[at.annotator],
      prompt: at.prompt < 0 ? 'any prompt' : cells[at.prompt],
      responses,
      items,
      ...outcome,
      asShown: true,
    },
    { line: row.lines[0].number, offset: row.lines[0].offset },
    () => rowPlace(row),
  );
}
