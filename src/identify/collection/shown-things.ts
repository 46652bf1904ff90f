import type { Components } from '../graph';

/** Nodes that a graph is drawn with, those that stand for many among them. */
export const MOST_NODES = 100;
/** Parts of a graph that are drawn; what is left has a number only. */
const MOST_PARTS = 24;

/** Which things a graph shows. */
export interface ShownThings {
  /** Node of each thing, −1 where it is not shown. */
  readonly nodeOf: Int32Array;
  /** Things of each node: one, or the rest of a part. */
  readonly things: readonly (readonly number[])[];
}

/**
 * The things of each part with the most records, in proportion to the size of the part; the rest of a part is one node.
 *
 * @param parts the parts that nothing joins, with their things
 * @param records of each thing
 */
export function shownThings(
  parts: readonly (readonly number[])[],
  count: number,
  records: ArrayLike<number>,
): ShownThings {
  const largest = parts
    .map((part, index) => ({ part, index }))
    .sort((a, b) => b.part.length - a.part.length || a.index - b.index)
    .slice(0, MOST_PARTS);
  const all = largest.reduce((sum, { part }) => sum + part.length, 0);
  const nodeOf = new Int32Array(count).fill(-1);
  const things: number[][] = [];
  for (const { part } of largest) {
    const room = all <= MOST_NODES ? part.length : Math.max(2, Math.floor((MOST_NODES * part.length) / all));
    const sorted = [...part].sort((a, b) => records[b] - records[a] || a - b);
    const alone = sorted.length <= room ? sorted : sorted.slice(0, room - 1);
    for (const thing of alone) {
      nodeOf[thing] = things.length;
      things.push([thing]);
    }
    const rest = sorted.slice(alone.length);
    if (rest.length === 0) continue;
    for (const thing of rest) nodeOf[thing] = things.length;
    things.push(rest);
  }
  return { nodeOf, things };
}

/**
 * The responses of whole prompts: first those of prompts that fall into the most parts, then those with the most records.
 *
 * @param promptOf prompt of each response
 */
export function shownPrompts(
  promptOf: Int32Array,
  prompts: number,
  weak: Components,
  strong: Components,
  records: ArrayLike<number>,
): ShownThings {
  const responses: number[][] = Array.from({ length: prompts }, () => []);
  promptOf.forEach((prompt, response) => {
    if (records[response] > 0) responses[prompt].push(response);
  });
  const ranked = responses
    .map((own, prompt) => ({
      own,
      prompt,
      weak: distinct(own, weak),
      strong: distinct(own, strong),
      records: own.reduce((sum, response) => sum + records[response], 0),
    }))
    .filter(({ own }) => own.length > 0)
    .sort((a, b) => b.weak - a.weak || b.strong - a.strong || b.records - a.records || a.prompt - b.prompt);
  const nodeOf = new Int32Array(promptOf.length).fill(-1);
  const things: number[][] = [];
  for (const { own } of ranked) {
    if (things.length > 0 && things.length + own.length > MOST_NODES) break;
    for (const response of own.slice(0, MOST_NODES)) {
      nodeOf[response] = things.length;
      things.push([response]);
    }
  }
  return { nodeOf, things };
}

function distinct(things: readonly number[], { of }: Components): number {
  return new Set(things.map((thing) => of[thing])).size;
}
