import { readFileSync } from 'node:fs';

/** The lines of log files that are errors. */
export function loggedErrors(files) {
  return files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.includes('[error]')),
  );
}
