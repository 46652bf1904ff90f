import type { Finding } from '../../protocol/finding';
import { count, placeOf, short } from '../words';
import { recordsOf, repeatedPrompts, type DataView } from './data-view';
import { finding, listPlaces, MOST_PLACES, unfinished, type Kind } from './places';
import { MOST_PREFERENCES, preferencesOf, reversals, type Budget } from './preferences';

const KIND: Kind = {
  code: 'data/contradiction',
  severity: 'warning',
  fix: 'Keep the judgement that is meant. If the annotator was asked twice on purpose, keep both: that is how noise is measured.',
};

const OVER_ITEMS: Kind = {
  code: 'data/contradiction',
  severity: 'information',
  fix: 'Nothing, if the prompts call for different answers. A tabular policy over responses, or a log-linear one, tells the prompts apart.',
};

const STOPPED =
  'The dataset holds so many repeated comparisons that not all were searched for contradictions; the rest was left out.';

/** The same annotator prefers A to B in one record and B to A in another. */
export function contradiction(view: DataView): Finding[] {
  const budget: Budget = { left: MOST_PREFERENCES };
  const found = [...withinPrompts(view, budget), ...acrossPrompts(view, budget)];
  return budget.left < 0 ? [...found, unfinished(KIND, STOPPED)] : found;
}

/** Two judgements of the same responses to the same prompt: one finding for each later record. */
function withinPrompts(view: DataView, budget: Budget): Finding[] {
  const { table } = view;
  const pairs: { a: number; b: number; earlier: number; later: number; more: number }[] = [];
  repeatedPrompts(view, (records) => {
    const preferences = preferencesOf(table, records, 'responses', budget);
    if (!preferences) return;
    const byRecord = new Map<number, (typeof pairs)[number]>();
    for (const pair of reversals(preferences)) {
      const known = byRecord.get(pair.later);
      if (known) known.more++;
      else byRecord.set(pair.later, { ...pair, more: 0 });
    }
    pairs.push(...byRecord.values());
  });
  pairs.sort((x, y) => x.later - y.later);
  return listPlaces(KIND, pairs, ({ a, b, earlier, later, more }) => {
    const [before, now] = [a, b].map((y) => `“${short(table.responses.text(y))}”`);
    const others = more > 0 ? ` The same holds for ${count(more, 'more pair')} of this record.` : '';
    return {
      message:
        `Annotator “${short(table.annotators.text(table.annotator[later]))}” prefers ${now} to ${before} here, and ` +
        `${before} to ${now} in line ${table.line[earlier]}, for the same prompt.${others}`,
      positions: [placeOf(table, later)],
      related: [{ message: `Here ${before} is preferred to ${now}.`, position: placeOf(table, earlier) }],
    };
  });
}

/** The same two items in different prompts: no fault of the record, so one finding tells how much of it there is. */
function acrossPrompts(view: DataView, budget: Budget): Finding[] {
  const { table } = view;
  if (!table.items || !table.responseItem || table.prompts.size < 2) return [];
  const places: { earlier: number; later: number; a: number; b: number }[] = [];
  let annotators = 0;
  for (let a = 0; a < table.annotators.size; a++) {
    const records = recordsOf(view, a).slice().sort();
    const preferences = preferencesOf(table, records, 'items', budget);
    if (!preferences) break;
    const reversed = reversals(preferences).filter(
      ({ earlier, later }) => table.prompt[earlier] !== table.prompt[later],
    );
    if (reversed.length > 0) annotators++;
    for (const each of reversed) places.push(each);
  }
  if (places.length === 0) return [];
  places.sort((x, y) => x.later - y.later || x.earlier - y.earlier || x.a - y.a || x.b - y.b);
  const [{ a, b, earlier, later }] = places;
  const [before, now] = [a, b].map((item) => `“${short(table.items!.text(item))}”`);
  return [
    finding(OVER_ITEMS, {
      message:
        `${count(annotators, 'annotator')} of ${table.annotators.size} prefer one item to another for one prompt and the ` +
        `other way round for another prompt, ${count(places.length, 'pair')} in all: first, annotator ` +
        `“${short(table.annotators.text(table.annotator[later]))}” prefers ${now} to ${before} here and ${before} to ${now} in ` +
        `line ${table.line[earlier]}. A policy with one reward for each item takes this for noise.`,
      positions: places.slice(0, MOST_PLACES).map((place) => placeOf(table, place.later)),
      occurrences: places.length,
      related: [{ message: `Here ${before} is preferred to ${now}.`, position: placeOf(table, earlier) }],
    }),
  ];
}
