import type { RankingTable } from '../../dataset/table';
import type { Alternatives } from '../../policy/make-model';
import type { RewardModel } from '../../policy/reward-model';
import type { RewardExperiment } from '../../protocol/experiment';
import type { MixtureFit } from '../../training/fit';
import type { Problem } from '../../training/problem';

export interface BaselinesInput {
  readonly table: RankingTable;
  readonly experiment: RewardExperiment;
  readonly alternatives: Alternatives;
  readonly problem: Problem;
  readonly model: RewardModel;
  /** Fits to all records. */
  readonly em: MixtureFit;
  readonly plain: MixtureFit;
  /** Lets other work run, and stops by throwing. */
  readonly breathe: () => Promise<void>;
}
