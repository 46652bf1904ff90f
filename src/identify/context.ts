import type { RankingTable } from '../dataset/table';
import { featureSpan, type FeatureSpan } from './feature-span';
import { commonViews, kruskalHolds, type CommonViews } from './kruskal';
import { profile, type Profile } from './profile';
import { sharedRanking, type SharedRanking } from './shared-ranking';
import { sharing, type Sharing } from './sharing';
import { connectivity, type Connectivity, type Unit } from './win-graph';

/** What every rule and every verdict looks at; computed once for a dataset. */
export interface Context {
  readonly table: RankingTable;
  /** Numbers of types that were asked about, ascending. */
  readonly types: readonly number[];
  readonly profile: Profile;
  /** What the tabular policy has rewards for: items where the dataset has an item column. */
  readonly unit: Unit;
  /** Of the unit, and of single responses where the unit is items. */
  readonly connectivity: readonly Connectivity[];
  readonly sharing: Sharing;
  readonly features?: FeatureSpan;
  readonly ranking?: SharedRanking;
  readonly views: CommonViews;
  /** Whether these views identify a mixture of K types, checked numerically (kruskal.ts). */
  kruskal(types: number): boolean;
}

/** @param types numbers of types to speak about, ascending */
export function context(table: RankingTable, types: readonly number[]): Context {
  const unit: Unit = table.items && table.responseItem ? 'items' : 'responses';
  const design = profile(table);
  const views = commonViews(table, unit);
  const checked = new Map<number, boolean>();
  return {
    table,
    types,
    profile: design,
    unit,
    connectivity: (unit === 'items' ? (['items', 'responses'] as const) : (['responses'] as const)).map((u) =>
      connectivity(table, u),
    ),
    sharing: sharing(table, unit),
    features: featureSpan(table),
    ranking: sharedRanking(table, design, unit),
    views,
    kruskal: (k) => {
      const known = checked.get(k) ?? kruskalHolds(views.views, k);
      checked.set(k, known);
      return known;
    },
  };
}
