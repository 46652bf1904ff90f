import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { RunError, systemReason } from './run-error';

/** SHA-256 of a file in hexadecimal, and how many bytes it has. */
export async function hashFile(
  file: string,
  signal?: AbortSignal,
): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  const stream = createReadStream(file);
  try {
    await pipeline(stream, hash, { signal });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new RunError(`${file} cannot be read because ${systemReason(error)}.`);
  }
  return { sha256: hash.digest('hex'), bytes: stream.bytesRead };
}
