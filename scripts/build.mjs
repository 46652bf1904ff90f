// Bundles the extension, the command line, the workers and the panel into dist/.
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { writeKernels } from './kernels.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const at = (...parts) => path.join(root, ...parts);

const node = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  mainFields: ['module', 'main'],
  minify: true,
  keepNames: true,
  legalComments: 'none',
  logLevel: 'warning',
  absWorkingDir: root,
  metafile: true,
};

// The panel's bundle, which the tests of its pages make, too. The alias takes the parts of a library that are used.
const panel = {
  ...JSON.parse(readFileSync(at('scripts/panel-bundle.json'), 'utf8')),
  logLevel: node.logLevel,
  absWorkingDir: root,
  metafile: true,
};
const PANEL_BYTES = 700_000;

/**
 * Every file that imports an external CommonJS module gets a copy of its hundreds of properties of its own: for the
 * editor's API that was most of the activation. Through one module in between there is one copy.
 */
const vscodeOnce = {
  name: 'vscode-once',
  setup(bundler) {
    bundler.onResolve({ filter: /^vscode$/ }, ({ namespace }) =>
      namespace === 'once' ? { path: 'vscode', external: true } : { path: 'vscode', namespace: 'once' },
    );
    bundler.onLoad({ filter: /./, namespace: 'once' }, () => ({ contents: `export * from 'vscode';` }));
  },
};

mkdirSync(at('dist'), { recursive: true });
await writeKernels();

const built = await Promise.all([
  build({ ...node, entryPoints: ['extension.ts'], outfile: 'dist/extension.cjs', plugins: [vscodeOnce] }),
  build({
    ...node,
    entryPoints: ['src/editor/validation-worker.ts'],
    outfile: 'dist/validation-worker.cjs',
  }),
  build({
    ...node,
    entryPoints: ['src/cli/emdpo.ts'],
    outfile: 'dist/emdpo.cjs',
    // finds its native libraries beside its own files
    external: ['onnxruntime-node'],
    banner: { js: '#!/usr/bin/env node' },
  }),
  build({ ...panel, outfile: 'dist/panel.js' }),
]);
const { size } = statSync(at('dist/panel.js'));
if (size > PANEL_BYTES) {
  console.error(
    `dist/panel.js has ${size} bytes; the panel may have ${PANEL_BYTES}, so that it opens at once. Make it smaller.`,
  );
  process.exitCode = 1;
}
copyFileSync(at('webview/panel.css'), at('dist/panel.css'));
// TensorFlow.js looks for them beside the program
const wasm = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'];
for (const name of wasm)
  copyFileSync(at('node_modules/@tensorflow/tfjs-backend-wasm/dist', name), at('dist', name));
chmodSync(at('dist/emdpo.cjs'), 0o755);

// what an earlier build left; last, so that a build that fails takes nothing away
const made = new Set([
  'panel.css',
  ...built.flatMap(({ metafile }) => Object.keys(metafile.outputs).map((file) => path.basename(file))),
  ...wasm,
]);
for (const name of readdirSync(at('dist')))
  if (!made.has(name)) rmSync(at('dist', name), { recursive: true });

// which files went into the bundles: scripts/notices.mjs names the packages they came from
mkdirSync(at('.cache'), { recursive: true });
const outputs = built.flatMap(({ metafile }) => Object.values(metafile.outputs));
const bundled = outputs.flatMap(({ inputs }) =>
  Object.keys(inputs).filter((file) => inputs[file].bytesInOutput > 0),
);
writeFileSync(at('.cache/bundled.json'), JSON.stringify([...new Set(bundled)].sort(), null, 1));

// `npx emdpo` works in a built checkout: npm links the bins of dependencies only, not the project's own.
const bin = at('node_modules/.bin/emdpo');
rmSync(bin, { force: true });
if (existsSync(path.dirname(bin))) symlinkSync('../../dist/emdpo.cjs', bin);
