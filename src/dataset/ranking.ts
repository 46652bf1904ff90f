import { missingOr, wrongType } from './fields';
import { RecordFault, type JsonPath } from './record-fault';
import { UNRANKED } from './table';

/** The likelihood of a tie is a sum over 2^n subsets of its n members. */
export const LARGEST_TIE = 12;

/** `order` and `level` of a record (see NewRecord) for two responses. */
export const FIRST_BETTER = { order: [0, 1], level: [0, 1] } as const;
export const SECOND_BETTER = { order: [1, 0], level: [0, 1] } as const;
export const BOTH_EQUAL = { order: [0, 1], level: [0, 0] } as const;

let ranked = new Uint8Array(64); // which responses of the record at hand have been ranked; kept between records

/**
 * Reads a ranking of response indices, best first, ties nested, such as `[2, [0, 1]]`, into `order` and `level` (see
 * NewRecord), which are emptied first. Indices left out come last, as not ranked.
 *
 * @param m size of the choice set
 * @throws RecordFault at the broken entry
 */
export function readRanking(ranking: unknown, m: number, order: number[], level: number[]): void {
  if (!Array.isArray(ranking))
    throw missingOr(ranking, 'ranking', 'an array of response indices, best first');
  if (ranking.length === 0) throw emptyRanking(['ranking'], 'The ranking is empty: it says nothing.');
  order.length = 0;
  level.length = 0;
  if (ranked.length < m) ranked = new Uint8Array(2 * m);
  ranked.fill(0, 0, m);
  for (let g = 0; g < ranking.length; g++) {
    const entry: unknown = ranking[g];
    if (!Array.isArray(entry)) {
      order.push(indexAt(entry, m, g, -1));
      level.push(g);
      continue;
    }
    if (entry.length === 0) throw emptyRanking(['ranking', g], 'This tie has no members.');
    if (entry.length > LARGEST_TIE) throw tieTooLarge(['ranking', g], entry.length);
    for (let i = 0; i < entry.length; i++) {
      order.push(indexAt(entry[i], m, g, i));
      level.push(g);
    }
  }
  for (let index = 0; order.length < m; index++) {
    if (ranked[index] === 1) continue;
    order.push(index);
    level.push(UNRANKED);
  }
}

/** Checks one index of group g, at place i of its tie (−1: no tie), and marks it as ranked. */
function indexAt(index: unknown, m: number, g: number, i: number): number {
  if (
    typeof index === 'number' &&
    index >= 0 &&
    index < m &&
    Number.isInteger(index) &&
    ranked[index] === 0
  ) {
    ranked[index] = 1;
    return index;
  }
  const path = i < 0 ? ['ranking', g] : ['ranking', g, i];
  if (typeof index !== 'number' || !Number.isInteger(index))
    throw wrongType(path, 'an index of a response', index);
  if (index >= 0 && index < m) {
    const message = `Response ${index} is ranked twice.`;
    throw new RecordFault('form/duplicate-index', path, message, 'Name every response at most once.');
  }
  throw new RecordFault(
    'form/rank-out-of-range',
    path,
    `There is no response ${index}: the ${m} responses are counted from 0 to ${m - 1}.`,
    index === m ? 'If the ranking counts from 1, subtract 1 from every index.' : undefined,
  );
}

function emptyRanking(path: JsonPath, message: string): RecordFault {
  return new RecordFault(
    'form/empty-ranking',
    path,
    message,
    'Rank at least the best response, or remove the record.',
  );
}

/** The fault for a tie whose likelihood would cost too much. */
export function tieTooLarge(path: JsonPath, size: number): RecordFault {
  return new RecordFault(
    'form/tie-too-large',
    path,
    `${size} responses are tied here; at most ${LARGEST_TIE} can be.`,
    'Leave the members of a tie at the end out of the ranking: not ranked means the same there.',
  );
}

/**
 * Fills `order` and `level` from groups of indices, best first, tied within a group; indices in no group come last.
 *
 * @param groups indices in 0 … m − 1, none twice
 */
export function rankGroups(
  groups: readonly (readonly number[])[],
  m: number,
  order: number[],
  level: number[],
): void {
  order.length = 0;
  level.length = 0;
  const ranks = new Uint8Array(m);
  groups.forEach((group, g) => {
    for (const index of group) {
      ranks[index] = 1;
      order.push(index);
      level.push(g);
    }
  });
  for (let index = 0; index < m; index++) {
    if (ranks[index] === 1) continue;
    order.push(index);
    level.push(UNRANKED);
  }
}
