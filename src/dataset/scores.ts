import { wrongType } from './fields';
import { LARGEST_TIE, tieTooLarge } from './ranking';
import { RecordFault, type JsonPath } from './record-fault';
import { UNRANKED } from './table';

/** Which scores are better. Of ranks it is the lower, of ratings the higher. */
export type Better = 'higher' | 'lower';

/** `order` and `level` of a record (see NewRecord). */
export interface Ranked {
  readonly order: readonly number[];
  readonly level: readonly number[];
}

/**
 * The ranking that scores make: equal scores are tied.
 *
 * @param scores by response; undefined where it was offered and not ranked
 * @param path of what holds the scores, for the place of a fault
 * @throws RecordFault when nothing is ranked, or more are tied than can be
 */
export function rankScores(
  scores: readonly (number | undefined)[],
  better: Better,
  path: JsonPath = [],
): Ranked {
  const sign = better === 'lower' ? 1 : -1;
  const ranked = [...scores.keys()].filter((i) => scores[i] !== undefined);
  if (ranked.length === 0) {
    const message = 'None of these responses has a rank or a score.';
    throw new RecordFault('form/empty-ranking', path, message, 'Rank at least one, or remove them.');
  }
  // sorting keeps the order of equal ones
  const order = ranked.sort((a, b) => sign * (scores[a]! - scores[b]!));
  const level: number[] = [];
  let tied = 0;
  order.forEach((index, j) => {
    const same = j > 0 && scores[index] === scores[order[j - 1]];
    tied = same ? tied + 1 : 1;
    if (tied > LARGEST_TIE) throw tieTooLarge(path, order.filter((i) => scores[i] === scores[index]).length);
    level.push(j === 0 ? 0 : level[j - 1] + (same ? 0 : 1));
  });
  for (const [index, score] of scores.entries()) {
    if (score !== undefined) continue;
    order.push(index);
    level.push(UNRANKED);
  }
  return { order, level };
}

/** A finite number, also where it is written as a string; undefined where absent, null or empty. @throws RecordFault */
export function numberOrNone(value: unknown, path: JsonPath): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') {
    const text = value.trim();
    if (text === '') return undefined;
    const number = Number(text);
    if (Number.isFinite(number)) return number;
    const message = `"${text.length > 40 ? `${text.slice(0, 39)}…` : text}" is no finite number.`;
    throw new RecordFault('form/not-finite', path, message, 'Write a number here, such as 3 or 4.5.');
  }
  if (typeof value !== 'number') throw wrongType(path, 'a number', value);
  if (Number.isFinite(value)) return value;
  throw new RecordFault('form/not-finite', path, `A number must be finite; this is ${value}.`);
}
