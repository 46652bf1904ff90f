import { child, treeOf } from '../../dataset/json-place';
import type { LineEdit } from './line-edit';

/** What a line's ranking counts from: 1 surely, 1 or 0, surely not 1; `none` where the line holds no ranking. */
export type Base = 'one' | 'either' | 'not one' | 'none';

/**
 * What the indices of a record in our own form count from, and what takes 1 from each.
 *
 * `one`: an index equals the number of responses and none is 0. `not one`: an index is 0, or fits neither way.
 */
export function rankBase(line: string): { readonly base: Base; readonly edits: readonly LineEdit[] } {
  const root = treeOf(line, []);
  const responses = root && child(root, 'responses');
  const ranking = root && child(root, 'ranking');
  if (responses?.type !== 'array' || ranking?.type !== 'array') return { base: 'none', edits: [] };
  const m = responses.children?.length ?? 0;
  const entries = (ranking.children ?? []).flatMap((entry) =>
    entry.type === 'array' ? (entry.children ?? []) : [entry],
  );
  const indices = entries.map((entry): unknown => entry.value);
  const fits = indices.every((i) => typeof i === 'number' && Number.isInteger(i) && i >= 1 && i <= m);
  if (!fits || indices.length === 0 || new Set(indices).size < indices.length)
    return { base: 'not one', edits: [] };
  return {
    base: indices.includes(m) ? 'one' : 'either',
    edits: entries.map(({ offset, length }, i) => ({ offset, length, text: String(Number(indices[i]) - 1) })),
  };
}
