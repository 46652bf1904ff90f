import type { RankingTable } from '../dataset/table';
import { choiceSets, type ChoiceSets } from './choice-sets';
import { featureSpan, type FeatureSpan } from './feature-span';
import { linkedViews, type LinkedViews } from './linked-views';
import { profile, type Profile } from './profile';
import { questions, type Questions } from './questions';
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
  /** Of single responses. */
  readonly choiceSets: ChoiceSets;
  /** Choice sets of the unit that some record decides. */
  readonly questions: Questions;
  /** What the same people's answers to several questions identify, by number of types. */
  readonly links: (types: number) => LinkedViews;
}

/** @param types numbers of types to speak about, ascending */
export function context(table: RankingTable, types: readonly number[]): Context {
  const unit: Unit = table.items && table.responseItem ? 'items' : 'responses';
  const design = profile(table);
  const sets = choiceSets(table);
  const asked = questions(table, unit, sets);
  return {
    table,
    types,
    profile: design,
    unit,
    connectivity: (unit === 'items' ? (['items', 'responses'] as const) : (['responses'] as const)).map((u) =>
      connectivity(table, u),
    ),
    sharing: sharing(table, unit, asked),
    features: featureSpan(table, unit === 'responses' ? asked : undefined),
    ranking: sharedRanking(table, design, unit),
    choiceSets: sets,
    questions: asked,
    links: linkedViews(table, asked, unit),
  };
}
