import { UNRANKED_LEVEL } from '../../compute/kernels/levels';
import type { Rankings } from '../../compute/kernels/rankings';

/** More orders than this are not written out: a tie of five, or two of three. */
export const MOST_ORDERS = 120;

/** A ranking as the orders that its ties allow, ready for a loss of fixed shape. */
export interface Orders {
  /** Every order: places in the choice set, best first, those offered but not ranked last. */
  readonly orders: readonly (readonly number[])[];
  /** Stages of the Plackett–Luce likelihood that say something: the first ones of each order. */
  readonly stages: number;
  /**
   * Added to the log of the mean over the orders: −log n! of a tie of n with nothing below it. Such a tie is the same
   * constant whatever the rewards, so it costs no orders.
   */
  readonly constant: number;
}

/** @returns undefined where the ties allow more than `most` orders */
export function ordersOf(rankings: Rankings, ranking: number, most = MOST_ORDERS): Orders | undefined {
  const from = rankings.start[ranking];
  const size = rankings.start[ranking + 1] - from;
  const groups: number[][] = [];
  const unranked: number[] = [];
  for (let i = 0; i < size; i++) {
    const level = rankings.level[from + i];
    if (level === UNRANKED_LEVEL) unranked.push(i);
    else if (i > 0 && level === rankings.level[from + i - 1]) groups[groups.length - 1].push(i);
    else groups.push([i]);
  }
  let last: number[] = [];
  if (unranked.length === 0) last = groups.pop() ?? [];
  if (groups.reduce((count, group) => count * factorial(group.length), 1) > most) return undefined;
  const orders = groups.reduce<number[][]>(
    (heads, group) => heads.flatMap((head) => permutations(group).map((tail) => [...head, ...tail])),
    [[]],
  );
  return {
    orders: orders.map((order) => [...order, ...last, ...unranked]),
    stages: orders[0].length,
    constant: -Math.log(factorial(last.length)),
  };
}

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}

function permutations(values: readonly number[]): number[][] {
  if (values.length < 2) return [[...values]];
  return values.flatMap((value, i) =>
    permutations(values.filter((_, j) => j !== i)).map((rest) => [value, ...rest]),
  );
}
