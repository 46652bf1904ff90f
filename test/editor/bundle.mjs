import { readdirSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from '../../scripts/vscode-host.mjs';

/** Bundles every `*.test.ts` of test/editor with the runner into one file that the extension host loads; returns its path. */
export async function bundleSuite() {
  const folder = path.join(root, 'test/editor');
  const outfile = path.join(root, 'out/test/editor.cjs');
  const files = readdirSync(folder).filter((name) => name.endsWith('.test.ts'));
  await build({
    stdin: {
      // the tests are imported when `run` calls `load`, after Mocha has set its globals up
      contents: [
        `import { runSuite } from './suite';`,
        `export const run = () => runSuite(async () => {`,
        ...files.map((name) => `  await import('./${name.slice(0, -3)}');`),
        `});`,
      ].join('\n'),
      resolveDir: folder,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    mainFields: ['module', 'main'],
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    outfile,
    logLevel: 'warning',
  });
  return outfile;
}
