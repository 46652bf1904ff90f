import { randomUUID } from 'node:crypto';
import { closeSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An open file that no folder shows and nobody else can read. */
export interface TemporaryFile {
  readonly descriptor: number;
}

const forgotten = new FinalizationRegistry<number>((descriptor) => {
  closeSync(descriptor);
});

/**
 * A new file for reading and writing. Its name is removed at once, so that the system frees it when the process ends
 * in whatever way, or when the object is no longer held.
 */
export function temporaryFile(): TemporaryFile {
  const path = join(tmpdir(), `emdpo-${randomUUID()}.tmp`);
  const file = { descriptor: openSync(path, 'wx+', 0o600) };
  forgotten.register(file, file.descriptor);
  try {
    rmSync(path);
  } catch {
    // a system that keeps the names of open files
    process.once('exit', () => {
      rmSync(path, { force: true });
    });
  }
  return file;
}
