import path from 'node:path';
import type { CheckpointFiles } from '../../training/language/checkpoint';
import { checkpointFolder } from '../checkpoint-folder';
import type { FitHooks } from '../fit-types';

/** Name of the folder in a run directory. */
export const CHECKPOINT = 'checkpoint';

/** The checkpoints of a run, which tells of each that is on the disk and of each that it cannot go on from. */
export function runCheckpoints(directory: string, { emit }: Pick<FitHooks, 'emit'>): CheckpointFiles {
  return checkpointFolder(path.join(directory, CHECKPOINT), {
    onCommitted: (name) => {
      emit({ type: 'checkpoint', file: `${CHECKPOINT}/${name}` });
    },
    onPassedOver: (name) => {
      emit({
        type: 'warning',
        code: 'recovered/checkpoint',
        message: `${CHECKPOINT}/${name} is damaged or of another training, and is not gone on from. The one before it is, or what it held is computed again.`,
      });
    },
  });
}
