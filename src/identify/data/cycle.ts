import type { Finding } from '../../protocol/finding';
import type { Pool } from '../../dataset/table';
import { count, placeOf, short } from '../words';
import { recordsOf, repeatedPrompts, type DataView } from './data-view';
import { finding, listPlaces, MOST_PLACES, unfinished, type Kind } from './places';
import { MOST_PREFERENCES, preferencesOf, type Budget } from './preferences';
import { shortestCycle, type Cycle } from './shortest-cycle';

/** Preferences named in a message; a longer cycle is cut. */
const MOST_NAMED = 8;

const KIND: Kind = {
  code: 'data/cycle',
  severity: 'information',
  fix: 'Look at these records. A few cycles are what noise makes of close calls; many by one annotator mean carelessness.',
};

const STOPPED =
  'The dataset holds so many comparisons that not all were searched for cycles; the rest was left out.';

/** One annotator prefers A to B, B to C and C to A. */
export function cycle(view: DataView): Finding[] {
  const budget: Budget = { left: MOST_PREFERENCES };
  const found = [...withinPrompts(view, budget), ...acrossPrompts(view, budget)];
  return budget.left < 0 ? [...found, unfinished(KIND, STOPPED)] : found;
}

/** At most one for each annotator and prompt. */
function withinPrompts(view: DataView, budget: Budget): Finding[] {
  const { table } = view;
  const cycles: Cycle[] = [];
  repeatedPrompts(view, (records) => {
    const preferences = preferencesOf(table, records, 'responses', budget);
    const found = preferences && shortestCycle(preferences);
    if (found) cycles.push(found);
  });
  cycles.sort((x, y) => last(x) - last(y));
  return listPlaces(KIND, cycles, (each) => {
    const annotator = short(table.annotators.text(table.annotator[last(each)]));
    return {
      message: `Annotator “${annotator}” goes in a circle on one prompt: ${asText(each, table.responses)}. ${lengthOf(each)}`,
      positions: [placeOf(table, last(each))],
      related: others(view, each, table.responses),
    };
  });
}

/** Over items, through several prompts: no fault of a record, so one finding tells how many there are. */
function acrossPrompts(view: DataView, budget: Budget): Finding[] {
  const { table } = view;
  const { items } = table;
  if (!items || table.prompts.size < 2) return [];
  const cycles: Cycle[] = [];
  for (let a = 0; a < table.annotators.size; a++) {
    const preferences = preferencesOf(table, recordsOf(view, a).slice().sort(), 'items', budget);
    if (!preferences) break;
    const found = shortestCycle(preferences);
    if (found && found.records.some((r) => table.prompt[r] !== table.prompt[found.records[0]]))
      cycles.push(found);
  }
  if (cycles.length === 0) return [];
  cycles.sort((x, y) => last(x) - last(y));
  const shown = cycles.reduce((least, each) => (each.nodes.length < least.nodes.length ? each : least));
  return [
    finding(KIND, {
      message:
        `${count(cycles.length, 'annotator')} of ${table.annotators.size} go in a circle over items, through several ` +
        `prompts: “${short(table.annotators.text(table.annotator[last(shown)]))}” says ${asText(shown, items)}. ` +
        `A policy with one reward for each item takes this for noise.`,
      positions: [shown, ...cycles.filter((each) => each !== shown)]
        .slice(0, MOST_PLACES)
        .map((each) => placeOf(table, last(each))),
      occurrences: cycles.length,
      related: others(view, shown, items),
      fix: 'Nothing, if the prompts call for different answers. A tabular policy over responses, or a log-linear one, tells the prompts apart.',
    }),
  ];
}

/** The record that closes the circle. */
function last({ records }: Cycle): number {
  return Math.max(...records);
}

function asText({ nodes }: Cycle, names: Pool): string {
  const named = nodes.slice(0, MOST_NAMED).map((node) => `“${short(names.text(node))}”`);
  if (nodes.length > MOST_NAMED) named.push(`${nodes.length - MOST_NAMED} more`);
  return [...named, named[0]].join(' ≻ ');
}

function lengthOf({ nodes, shortest }: Cycle): string {
  return shortest
    ? `No circle of theirs on this prompt is shorter than these ${nodes.length}, contradictions aside.`
    : `There may be a shorter circle than these ${nodes.length}: the search was cut short.`;
}

function others({ table }: DataView, each: Cycle, names: Pool): Finding['related'] {
  return each.records.slice(0, MOST_NAMED).flatMap((record, i) => {
    if (record === last(each)) return [];
    const [winner, loser] = [each.nodes[i], each.nodes[(i + 1) % each.nodes.length]];
    const message = `Here “${short(names.text(winner))}” is preferred to “${short(names.text(loser))}”.`;
    return [{ message, position: placeOf(table, record) }];
  });
}
