import type { View } from '../view';

/** The tabs in their order. */
export const TITLES = {
  data: 'Data',
  training: 'Training',
  types: 'Types',
  regret: 'Regret',
  try: 'Try',
  compare: 'Compare',
};
export type TabId = keyof typeof TITLES;

/** The tabs that have something to show of this run. */
export function offeredTabs(view: View): TabId[] {
  return (Object.keys(TITLES) as TabId[]).filter(
    (id) => (id !== 'try' || canTry(view)) && (id !== 'compare' || canCompare(view)),
  );
}

/** Language models need a host that can run them. */
function canTry({ snapshot: { result }, host }: View): boolean {
  if (!result) return false;
  return result.fit.policy === 'transformer' ? host.can('ask') : result.divides.length > 0;
}

/** A report shows what it was made with, the editor knows other runs. */
function canCompare({ snapshot, host }: View): boolean {
  if (!snapshot.result) return false;
  return host.can('compare') || snapshot.comparison !== undefined;
}
