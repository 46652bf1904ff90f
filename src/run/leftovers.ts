import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { isTemporary, removeFile } from '../disk';
import type { RunEventBody } from '../protocol/event';
import { cannotWrite, RunError, systemReason } from './run-error';

/**
 * Takes away what a process that died left half-written in a run directory. Nothing that was complete is touched.
 *
 * @returns their names relative to the directory
 * @throws RunError where the directory cannot be read or written
 */
export async function removeLeftovers(directory: string): Promise<string[]> {
  const left = (await namesIn(directory)).filter((name) => isTemporary(path.basename(name))).sort();
  for (const name of left) {
    const file = path.join(directory, name);
    await removeFile(file).catch((error: unknown) => {
      throw cannotWrite(file, error);
    });
  }
  return left;
}

/**
 * What was lost of a run that goes on, for its events; nothing where nothing was.
 *
 * @param cutShort whether the last line of events.jsonl had no end
 */
export function whatWasDropped(leftovers: readonly string[], cutShort: boolean): RunEventBody[] {
  const dropped: RunEventBody[] = [];
  if (cutShort) {
    dropped.push({
      type: 'warning',
      code: 'recovered/events',
      message: 'The last line of events.jsonl was cut short when the run died, and is passed over.',
    });
  }
  if (leftovers.length > 0) {
    dropped.push({
      type: 'warning',
      code: 'recovered/half-written',
      message: `Half-written when the run died, and removed: ${leftovers.join(', ')}. What they were to hold is computed again.`,
    });
  }
  return dropped;
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory, { recursive: true });
  } catch (error) {
    throw new RunError(`${directory} cannot be read because ${systemReason(error)}.`);
  }
}
