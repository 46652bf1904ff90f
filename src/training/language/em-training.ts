import type { RunEventBody } from '../../protocol/event';
import type { Problem } from '../problem';
import type { Checkpoints } from './checkpoint';
import type { Folds } from './folds';
import type { LanguageEmOptions } from './options';
import type { BatchPlan } from './passes';
import { snapshotOf, type StateMeta, type TrainingState } from './state';
import type { Workbench } from './workbench';

export interface EmHooks {
  readonly emit: (event: RunEventBody) => void;
  readonly checkpoints?: Checkpoints<StateMeta>;
  /** Asked after each step: whether a checkpoint is due. */
  readonly checkpointDue?: () => boolean;
}

/** Everything that stays the same during one training. */
export interface Training {
  readonly bench: Workbench;
  readonly plan: BatchPlan;
  readonly reference: Float64Array;
  readonly options: LanguageEmOptions;
  readonly hooks: EmHooks;
  readonly folds: Folds;
  /** The records that each set of policies is trained on: two halves, or all of them. */
  readonly parts: readonly Problem[];
  readonly tellProgress: () => void;
}

/** Goes over to the next stage, and keeps that. */
export async function enter(
  training: Training,
  state: TrainingState,
  stage: TrainingState['stage'],
): Promise<void> {
  state.stage = stage;
  state.job = 0;
  await keep(training, state);
}

/** Writes a checkpoint from which training goes on as if never stopped. */
export async function keep({ hooks }: Training, state: TrainingState): Promise<void> {
  await hooks.checkpoints?.save(snapshotOf(state));
}
