import { columnsOf, textIn } from '../column-finder';
import { checkChoiceSet, missingOr } from '../fields';
import { readNamedRows } from '../named-rows';
import { RecordFault } from '../record-fault';
import { rowGroups, type GroupedRow } from '../row-groups';
import { numberOrNone, rankScores } from '../scores';
import type { Form } from './form';

/**
 * WMT's ranking task: systems with ranks in each row, as many as the header has. Rows with a ranking id hold pairs of one
 * ranking and are joined again; without one each row is a ranking.
 */
export const wmt: Form = {
  name: 'wmt',
  title: 'CSV with columns srclang, trglang, srcIndex, judgeID, system1Id, system1rank, system2Id, system2rank, rankingID',
  endings: ['.csv'],
  roles: [],

  fits: (sample) => {
    const at = find(columnsOf(sample));
    return at.systems.length >= 2 && at.judge !== undefined ? 1 : 0;
  },

  read: async (input) => {
    const { table } = input;
    const groups = rowGroups(1);
    let at = find([]);
    let row = 0;
    await readNamedRows(input, {
      columns: (names) => {
        at = find(names);
        table.assume('Rank 1 is the best; equal ranks are tied; −1 means that a system was shown and not ranked.');
        table.assume('Systems are the items. The file holds no texts: the system stands for its translation, and languages and segment for the prompt.');
        table.assume(at.ranking === undefined ? 'Each row is a ranking of its own.' : `Rows with the same judge, segment and "${at.ranking}" are one ranking.`);
        return at.systems.length >= 2 ? [] : ['Fewer than two systems have ranks (system1Id and system1rank, system2Id and system2rank).'];
      },
      row: (cells) => {
        row++;
        const judge = textIn(cells, at.judge);
        const prompt = at.prompt.map((name) => textIn(cells, name) ?? '').join(' ') || 'any segment';
        const ranking = at.ranking === undefined ? `row ${row}` : textIn(cells, at.ranking);
        if (ranking === undefined) throw missingOr(undefined, at.ranking ?? '', 'the ranking that the row belongs to');
        const read = at.systems.map(({ id, rank }) => {
          const system = textIn(cells, id);
          const number = numberOrNone(cells.get(rank), [rank]);
          if (system === undefined) throw missingOr(undefined, id, 'a system');
          return { system, rank: number === undefined || number < 0 ? NaN : number };
        });
        for (const { system, rank } of read)
          groups.add([judge, prompt, ranking], { texts: [judge ?? null, prompt, system], numbers: [rank], place: cells.place });
      },
    });
    await groups.each(input, (rows) => {
      const { systems, ranks } = joined(rows);
      checkChoiceSet(systems, systems);
      const ranked = rankScores(ranks.map((rank) => (Number.isNaN(rank) ? undefined : rank)), 'lower');
      const [annotator, prompt] = rows[0].texts;
      const { place } = rows[0];
      const record = { annotator: annotator ?? undefined, prompt: prompt ?? '', responses: systems, items: systems, ...ranked };
      table.add(record, place, () => ({ line: place.line, column: 1 }));
    });
  },
}; // prettier-ignore

/** The systems of a ranking, each once. @throws RecordFault when one has two ranks */
function joined(rows: readonly GroupedRow[]): { systems: string[]; ranks: number[] } {
  const rankOf = new Map<string, number>();
  for (const { texts, numbers } of rows) {
    const system = texts[2] ?? '';
    const known = rankOf.get(system);
    if (known !== undefined && !Object.is(known, numbers[0])) {
      const message = `"${system}" has two ranks in this ranking, ${known} and ${numbers[0]}.`;
      throw new RecordFault('form/changed-rank', [], message, 'Correct the rank, or give the rows different ranking ids.'); // prettier-ignore
    }
    rankOf.set(system, numbers[0]);
  }
  return { systems: [...rankOf.keys()], ranks: [...rankOf.values()] };
}

function find(columns: readonly string[]) {
  const byName = new Map(columns.map((name) => [name.toLowerCase(), name]));
  const systems: { id: string; rank: string }[] = [];
  for (let i = 1; ; i++) {
    const id = byName.get(`system${i}id`);
    const rank = byName.get(`system${i}rank`);
    if (id === undefined || rank === undefined) break;
    systems.push({ id, rank });
  }
  const prompt = ['srclang', 'trglang', 'documentid', 'srcindex', 'segmentid'].flatMap((name) => byName.get(name) ?? []); // prettier-ignore
  return { systems, prompt, judge: byName.get('judgeid'), ranking: byName.get('rankingid') };
}
