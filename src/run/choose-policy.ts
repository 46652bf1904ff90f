import type { RankingTable } from '../dataset/table';
import type { PolicyChoice } from '../protocol/experiment';
import { DEFAULTS } from './experiment';
import type { ExperimentRequest } from './experiment';

export interface ChosenPolicy {
  readonly policy: PolicyChoice;
  /** Why, as a sentence for run.json. */
  readonly because: string;
}

/**
 * The policy family of a run. A tabular policy has a reward per response or item and learns types only from what
 * several annotators judged; where annotators share neither prompts nor items nothing links them, and only the
 * features of a log-linear policy can.
 */
export function choosePolicy(requested: ExperimentRequest['policy'], table: RankingTable): ChosenPolicy {
  if (requested.kind !== 'auto') {
    return { policy: requested, because: `The experiment asks for a ${requested.kind} policy.` };
  }
  const annotators = table.annotators.size;
  const overItems = linkedAnnotators(table, 'items');
  if (overItems > annotators / 2) {
    return {
      policy: DEFAULTS.tabular,
      because: `The policy is tabular because ${overItems} of ${annotators} annotators judged an item that others judged too.`,
    };
  }
  const overPrompts = linkedAnnotators(table, 'prompts');
  if (overPrompts > annotators / 2) {
    return {
      policy: DEFAULTS.tabular,
      because: `The policy is tabular because ${overPrompts} of ${annotators} annotators judged a prompt that others judged too.`,
    };
  }
  return {
    policy: DEFAULTS.loglinear,
    because: `The policy is loglinear because only ${overPrompts} of ${annotators} annotators judged a prompt that others judged too: features of the responses have to link them.`,
  };
}

/** How many annotators judged at least one item, or prompt, that another annotator judged too. */
export function linkedAnnotators(table: RankingTable, by: 'items' | 'prompts'): number {
  return by === 'items'
    ? annotatorsInCommon(table, table.items?.size ?? 0, (r) => itemsOf(table, r))
    : annotatorsInCommon(table, table.prompts.size, (r) => [table.prompt[r]]);
}

function annotatorsInCommon(
  table: RankingTable,
  things: number,
  judged: (record: number) => Iterable<number>,
): number {
  const NOBODY = -1;
  const SEVERAL = -2;
  const judge = new Int32Array(things).fill(NOBODY);
  for (let r = 0; r < table.records; r++) {
    const h = table.annotator[r];
    if (h < 0) continue;
    for (const thing of judged(r)) {
      if (judge[thing] === NOBODY) judge[thing] = h;
      else if (judge[thing] !== h) judge[thing] = SEVERAL;
    }
  }
  const inCommon = new Uint8Array(table.annotators.size);
  for (let r = 0; r < table.records; r++) {
    if (table.annotator[r] < 0) continue;
    for (const thing of judged(r)) if (judge[thing] === SEVERAL) inCommon[table.annotator[r]] = 1;
  }
  return inCommon.reduce((sum, one) => sum + one, 0);
}

function* itemsOf(table: RankingTable, record: number): Iterable<number> {
  if (table.responseItem === undefined) return;
  for (let o = table.start[record]; o < table.start[record + 1]; o++) {
    const item = table.responseItem[table.option[o]];
    if (item >= 0) yield item;
  }
}
