import type { RankingTable } from '../dataset/table';
import { choiceSet } from './choice-set';
import { unions, type Components } from './graph';
import { withoutOverlap } from './overlap';
import type { Questions } from './questions';
import type { Unit } from './win-graph';

/** Whether annotators judged the same things. */
export interface Sharing {
  /** Prompts judged by at least two named annotators. */
  readonly sharedPrompts: number;
  /** Items judged by at least two named annotators; 0 without an item column. */
  readonly sharedItems: number;
  /** Components of the graph whose nodes are named annotators and what they judged (items where there are, else prompts). */
  readonly groups: Components;
  /** Named annotators who compare no two things that another annotator compares as well; null where it is too many to check. */
  readonly alone: readonly number[] | null;
}

export function sharing(table: RankingTable, unit: Unit, asked: Questions): Sharing {
  const annotators = table.annotators.size;
  const items = table.items?.size ?? 0;
  const promptOwners = owners(table.prompts.size);
  const itemOwners = owners(items);
  const judged = unions(annotators + (unit === 'items' ? items : table.prompts.size));
  for (let r = 0; r < table.records; r++) {
    const a = table.annotator[r];
    if (a < 0) continue;
    promptOwners.add(table.prompt[r], a);
    if (unit === 'responses') {
      judged.join(a, annotators + table.prompt[r]);
      continue;
    }
    const set = choiceSet(table, r);
    for (let i = set.from; i < set.to; i++) {
      const item = table.responseItem![table.option[i]];
      itemOwners.add(item, a);
      judged.join(a, annotators + item);
    }
  }
  return {
    sharedPrompts: promptOwners.shared(),
    sharedItems: itemOwners.shared(),
    groups: onlyFirst(judged.components(), annotators),
    alone: withoutOverlap(table, unit, asked),
  };
}

/** Components numbered anew among the first `nodes` nodes. */
function onlyFirst(components: Components, nodes: number): Components {
  const of = components.of.slice(0, nodes);
  const number = new Map<number, number>();
  for (const label of of) if (!number.has(label)) number.set(label, number.size);
  return { count: number.size, of: of.map((label) => number.get(label)!) };
}

/** Counts the things that at least two annotators own. */
function owners(size: number) {
  const first = new Int32Array(size).fill(-1);
  const several = new Uint8Array(size);
  return {
    add: (thing: number, annotator: number) => {
      if (first[thing] < 0) first[thing] = annotator;
      else if (first[thing] !== annotator) several[thing] = 1;
    },
    shared: () => several.reduce((sum, flag) => sum + flag, 0),
  };
}
