import { writeWhole } from '../disk';
import { cannotWrite } from './run-error';

/**
 * Replaces a file in one step: readers see the old content or the new, never a part.
 *
 * @param content text, or chunks of text for files too big to hold
 * @throws RunError when the folder cannot be written
 */
export async function writeAtomic(file: string, content: string | Iterable<string>): Promise<void> {
  try {
    await writeWhole(file, content);
  } catch (error) {
    throw cannotWrite(file, error);
  }
}
