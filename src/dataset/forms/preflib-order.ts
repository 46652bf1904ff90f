import type { Fault } from '../finding-log';
import { LARGEST_TIE } from '../ranking';

export const ORDER_LINE = /^\s*\d+\s*:\s*[{\d]/;

/** `count: 1,4,{2,3}` as 0-based groups, best first. */
export interface Order {
  readonly count: number;
  readonly groups: readonly (readonly number[])[];
}

/** What is wrong with an order, at `text[from] … text[to − 1]`. */
export interface OrderFault extends Fault {
  readonly from: number;
  readonly to: number;
  /** How many votes the line stands for. */
  readonly count: number;
}

/** Reads one line of votes over the alternatives 1 … m. */
export function readOrder(text: string, m: number): Order | OrderFault {
  const head = /^(\s*)(\d+)\s*:/.exec(text);
  const count = head ? Number(head[2]) : 0;
  const fault = (code: string, message: string, from: number, to: number, fix?: string): OrderFault => ({
    code,
    message,
    fix,
    from,
    to: Math.max(to, from + 1),
    count: Math.max(1, Math.min(count, Number.MAX_SAFE_INTEGER)),
  });
  const shape = 'Write orders as "count: 1,4,{2,3}", best first, ties in braces.';
  if (!head || count < 1)
    return fault('form/bad-order', 'A line of votes begins with how many there are.', 0, text.length, shape);

  const seen = new Set<number>();
  const groups: number[][] = [];
  let tie: number[] | undefined; // the open brace, if one is
  let tieStart = 0;
  let wantsItem = true; // an alternative or a brace comes next, otherwise a comma or the end
  const token = /\s*(\d+|[{},]|\S)/y;
  token.lastIndex = head[0].length;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [whole, found] = match;
    const from = match.index + whole.length - found.length;
    const to = from + found.length;
    if (/^\d/.test(found) && wantsItem) {
      const index = Number(found) - 1;
      if (index < 0 || index >= m) {
        const message = `There is no alternative ${found}: the ${m} alternatives are counted from 1 to ${m}.`;
        return fault('form/rank-out-of-range', message, from, to);
      }
      if (seen.has(index))
        return fault('form/duplicate-index', `Alternative ${found} is ranked twice.`, from, to);
      seen.add(index);
      if (tie) tie.push(index);
      else groups.push([index]);
      wantsItem = false;
    } else if (found === '{' && wantsItem && !tie) {
      tie = [];
      tieStart = from;
    } else if (found === '}' && tie && !wantsItem) {
      if (tie.length > LARGEST_TIE) {
        const message = `${tie.length} alternatives are tied here; at most ${LARGEST_TIE} can be.`;
        const fix = 'Leave a tie at the end out of the order: not ranked means the same there.';
        return fault('form/tie-too-large', message, tieStart, to, fix);
      }
      groups.push(tie);
      tie = undefined;
    } else if (found === ',' && !wantsItem) wantsItem = true;
    else return fault('form/bad-order', `"${found}" is not expected here.`, from, to, shape);
  }
  const end = text.trimEnd().length;
  if (groups.length === 0 && !tie) return fault('form/empty-ranking', 'This order ranks nothing.', 0, end);
  if (wantsItem || tie) return fault('form/bad-order', 'The order is not finished.', end - 1, end, shape);
  return { count, groups };
}
