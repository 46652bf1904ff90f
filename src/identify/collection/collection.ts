import type { RankingTable } from '../../dataset/table';
import type { Collection } from '../../protocol/validation';
import type { Context } from '../context';
import { recordsByAnnotator } from '../questions';
import { bars, tally } from './bars';
import { comparedGraph } from './compared-graph';
import { judgedGraph } from './judged-graph';

/** How the dataset was collected, small enough to be drawn whatever its size. */
export function collection({ table, profile, connectivity, unit }: Context): Collection {
  const compared = comparedGraph(table, connectivity[0]);
  const { records, people } = byPrompt(table);
  return {
    choiceSetSizes: bars(profile.choiceSetSizes),
    depths: profile.depths,
    recordsPerAnnotator: bars(profile.recordsPerPerson),
    annotatorsPerPrompt: bars(tally(people)),
    recordsPerPrompt: bars(tally(records)),
    graphs: unit === 'items' || table.prompts.size === 1 ? [compared] : [judgedGraph(table), compared],
  };
}

/** Records of each prompt, and people who gave them: annotators, and records that name none, each for itself. */
function byPrompt(table: RankingTable): { records: Uint32Array; people: Uint32Array } {
  const records = new Uint32Array(table.prompts.size);
  const people = new Uint32Array(table.prompts.size);
  for (let r = 0; r < table.records; r++) {
    records[table.prompt[r]]++;
    if (table.annotator[r] < 0) people[table.prompt[r]]++;
  }
  const { start, record } = recordsByAnnotator(table);
  const last = new Int32Array(table.prompts.size).fill(-1); // annotator who judged the prompt last
  for (let a = 0; a + 1 < start.length; a++) {
    for (let i = start[a]; i < start[a + 1]; i++) {
      const x = table.prompt[record[i]];
      if (last[x] !== a) people[x]++;
      last[x] = a;
    }
  }
  return { records, people };
}
