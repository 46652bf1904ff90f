import type { RunManifest } from '../protocol/run';
import type { ValidationReport } from '../protocol/validation';
import { RunError } from './run-error';
import { readValidation } from './validation';

/**
 * What an earlier start of a run found about its dataset, so that a run that goes on need not ask again.
 *
 * @param earlier run.json of that start, whose dataset is the same as now
 * @param version of this program: another one may find something else
 * @returns undefined where the dataset is to be checked
 */
export async function keptValidation(
  directory: string,
  earlier: RunManifest | undefined,
  version: string,
): Promise<ValidationReport | undefined> {
  if (earlier?.versions.emdpo !== version) return undefined;
  try {
    return await readValidation(directory);
  } catch (error) {
    // it is written anew
    if (error instanceof RunError) return undefined;
    throw error;
  }
}
