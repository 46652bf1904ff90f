import type { Problem } from '../problem';
import { ordersOf, type Orders } from './orders';
import type { Texts } from './texts';

/** Rankings as a training step can use them, and what it cannot. */
export interface UsableRankings {
  /** By ranking: its orders; undefined where it is not trained on. */
  readonly orders: readonly (Orders | undefined)[];
  /** Rankings whose likelihood is the same whatever the rewards, because all responses that it compares are tied. */
  readonly allTied: readonly number[];
  /** Rankings whose responses all have the same tokens once they are cut. */
  readonly allEqual: readonly number[];
  /** Rankings in which some, but not all, responses have the same tokens: they are trained on. */
  readonly someEqual: readonly number[];
  /** Rankings whose ties allow too many orders. */
  readonly tooManyOrders: readonly number[];
  /** Largest number of orders and of options of a ranking that is trained on. */
  readonly most: { readonly orders: number; readonly options: number };
}

/** Records that are left out of training still count in every E-step, where ties are exact. */
export function usableRankings({ rankings }: Problem, { sameAs }: Texts): UsableRankings {
  const found = { allTied: [], allEqual: [], someEqual: [], tooManyOrders: [] } as Record<
    'allTied' | 'allEqual' | 'someEqual' | 'tooManyOrders',
    number[]
  >;
  const most = { orders: 1, options: 2 };
  const orders = Array.from({ length: rankings.count }, (_, r) => {
    const options = rankings.option.subarray(rankings.start[r], rankings.start[r + 1]);
    const different = new Set(Array.from(options, (y) => sameAs[y])).size;
    if (different === 1) {
      found.allEqual.push(r);
      return undefined;
    }
    const expanded = ordersOf(rankings, r);
    if (!expanded) {
      found.tooManyOrders.push(r);
      return undefined;
    }
    if (expanded.stages === 0) {
      found.allTied.push(r);
      return undefined;
    }
    if (different < options.length) found.someEqual.push(r);
    most.orders = Math.max(most.orders, expanded.orders.length);
    most.options = Math.max(most.options, options.length);
    return expanded;
  });
  return { orders, ...found, most };
}

const LISTED = 5;

/** What is not trained on, as warnings with the lines of the records. */
export function usableWarnings(
  { rankingLine }: Problem,
  usable: UsableRankings,
  texts: Texts,
): { code: string; message: string }[] {
  const at = (list: readonly number[]): string => {
    const lines = list.map((r) => rankingLine[r]).sort((a, b) => a - b);
    const shown = lines.slice(0, LISTED).join(', ');
    return `line${lines.length === 1 ? '' : 's'} ${shown}${lines.length > LISTED ? ` and ${lines.length - LISTED} more` : ''}`;
  };
  const { allTied, allEqual, someEqual, tooManyOrders } = usable;
  const warnings: { code: string; message: string }[] = [];
  const tell = (list: readonly number[], code: string, message: (n: number, where: string) => string) => {
    if (list.length > 0) warnings.push({ code, message: message(list.length, at(list)) });
  };
  if (texts.promptsCut + texts.responsesCut > 0) {
    warnings.push({
      code: 'training/cut',
      message:
        `${texts.promptsCut} prompts and ${texts.responsesCut} responses are longer than the limits and were cut. ` +
        'Raise policy.promptTokens or policy.responseTokens to keep them whole.',
    });
  }
  tell(
    allEqual,
    'training/no-information',
    (n, where) =>
      `${n} rankings compare responses that are the same once they are cut (${where}): nothing can be learnt from them. ` +
      'Raise policy.responseTokens, or remove them.',
  );
  tell(
    someEqual,
    'training/equal-responses',
    (n, where) =>
      `${n} rankings hold responses that are the same once they are cut (${where}): only their other comparisons teach anything.`,
  );
  tell(
    allTied,
    'training/all-tied',
    (n, where) =>
      `${n} rankings tie everything that they compare (${where}): nothing can be learnt from them.`,
  );
  tell(
    tooManyOrders,
    'training/large-tie',
    (n, where) =>
      `${n} rankings have ties that allow more than 120 orders (${where}): they count when annotators are assigned to ` +
      'types, but policies are not trained on them. Leave tied responses at the end out of the ranking instead.',
  );
  return warnings;
}
