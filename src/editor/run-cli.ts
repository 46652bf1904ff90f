import { execFile } from 'node:child_process';

/**
 * Runs the bundled command line to its end.
 *
 * @param cli path of dist/emdpo.cjs
 * @throws what it said, when it did not end well
 */
export function runCli(cli: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [cli, ...args],
      { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, windowsHide: true, maxBuffer: 64 * 2 ** 20 },
      (error, stdout, stderr) => {
        if (error) reject(new Error(stderr.trim() || error.message));
        else resolve(stdout);
      },
    );
  });
}
