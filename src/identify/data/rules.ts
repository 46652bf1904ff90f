import type { RankingTable } from '../../dataset/table';
import type { Finding } from '../../protocol/finding';
import { choiceSets } from '../choice-sets';
import { constantChoice } from './constant-choice';
import { contradiction } from './contradiction';
import { cycle } from './cycle';
import { dataView, type DataView } from './data-view';
import { duplicateRecord } from './duplicate-record';
import { equalAfterTruncation } from './equal-after-truncation';
import { knownTypesContradicted } from './known-types-contradicted';
import { nearIdenticalResponses } from './near-identical-responses';
import { positionBias } from './position-bias';
import { tieHeavy } from './tie-heavy';

/** Every `data/…` rule, in the order in which findings are shown. */
const RULES: readonly ((view: DataView) => Finding[])[] = [
  duplicateRecord,
  contradiction,
  cycle,
  positionBias,
  constantChoice,
  tieHeavy,
  nearIdenticalResponses,
  equalAfterTruncation,
  knownTypesContradicted,
];

/**
 * What is odd about the records themselves, whatever they are to be used for. Deterministic; linear in records.
 *
 * @param sets the choice sets of the table, if they have been collected already
 */
export function dataFindings(table: RankingTable, sets = choiceSets(table)): Finding[] {
  const view = dataView(table, sets);
  return RULES.flatMap((rule) => rule(view));
}
