import type { Node, ParseError } from 'jsonc-parser';
import { child, treeOf } from '../../dataset/json-place';
import type { LineEdit } from './line-edit';

/** Fields of a record that run parallel to its responses. */
const PARALLEL = ['items', 'features', 'reference'];

/**
 * How many responses the ranking of a record in our own form leaves out, and what takes them out of the record: out of
 * `responses` and whatever runs parallel to it. The indices of the ranking are counted anew; nothing else changes.
 *
 * @returns no edits where fewer than two responses would remain; `unranked: 0` also where the line is no such record, or
 *   its ranking fits no choice set
 */
export function unrankedOut(line: string): {
  readonly unranked: number;
  readonly edits: readonly LineEdit[];
} {
  const nothing = { unranked: 0, edits: [] };
  const errors: ParseError[] = [];
  const root = treeOf(line, errors);
  if (!root || errors.length > 0) return nothing;
  const responses = child(root, 'responses');
  const ranking = child(root, 'ranking');
  if (responses?.type !== 'array' || ranking?.type !== 'array') return nothing;
  if (responses.children?.some(({ type }) => type !== 'string')) return nothing;
  const m = responses.children?.length ?? 0;
  const entries = indicesOf(ranking);
  const ranked = new Set(entries.map(({ value }): unknown => value));
  const fits = [...ranked].every((i) => typeof i === 'number' && Number.isInteger(i) && i >= 0 && i < m);
  if (!fits || ranked.size === 0 || ranked.size < entries.length) return nothing;
  const beside = PARALLEL.flatMap((name) => child(root, name) ?? []).filter(({ type }) => type !== 'null');
  if (beside.some(({ type, children }) => type !== 'array' || children?.length !== m)) return nothing;

  const unranked = m - ranked.size;
  if (unranked === 0 || ranked.size < 2) return { unranked, edits: [] };
  const kept = Array.from({ length: m }, (_, i) => i).filter((i) => ranked.has(i));
  const placeOf = new Map(kept.map((index, place) => [index, place]));
  const renumbered = entries.flatMap(({ offset, length, value }) => {
    const index = placeOf.get(Number(value));
    return index === value ? [] : [{ offset, length, text: String(index) }];
  });
  return {
    unranked,
    edits: [...[responses, ...beside].flatMap((array) => only(array, kept)), ...renumbered],
  };
}

/** The indices that a ranking names, those of ties among them; a tie without members, which is a fault, as itself. */
function indicesOf({ children = [] }: Node): readonly Node[] {
  return children.flatMap((entry) => (entry.children?.length ? entry.children : [entry]));
}

/** What leaves only some of the elements of an array, each as it is written. @param kept indices in order, at least one */
function only({ children = [] }: Node, kept: readonly number[]): LineEdit[] {
  const last = kept[kept.length - 1];
  const stays = new Set(kept);
  const end = ({ offset, length }: Node) => offset + length;
  const cut = (from: number, to: number) => ({ offset: from, length: to - from, text: '' });
  // an element goes with the comma behind it; those behind the last that stays go with the comma before them
  const before = children
    .slice(0, last)
    .flatMap(({ offset }, i) => (stays.has(i) ? [] : [cut(offset, children[i + 1].offset)]));
  if (last === children.length - 1) return before;
  return [...before, cut(end(children[last]), end(children[children.length - 1]))];
}
