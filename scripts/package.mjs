// Packs the built extension into em-dpo-lab-VERSION.vsix, and checks what went in: no source, tests or maps, under 5 MB.
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { createVSIX, listFiles } from '@vscode/vsce';
import { root } from './vscode-host.mjs';

const LIMIT = 5e6;
const UNWANTED = /\.(ts|map|mjs)$|^(src|test|webview|scripts|node_modules)\//;

const { name, version, repository } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const packagePath = path.join(root, `${name}-${version}.vsix`);
const options = { cwd: root, dependencies: false };

const files = await listFiles(options);
const unwanted = files.filter((file) => UNWANTED.test(file));
if (unwanted.length > 0) throw new Error(`These do not belong into the package: ${unwanted.join(', ')}`);

await createVSIX({
  ...options,
  packagePath,
  // without a repository there is nothing that links could be relative to
  allowMissingRepository: true,
  rewriteRelativeLinks: repository !== undefined,
});
const { size } = statSync(packagePath);
console.log(`${path.basename(packagePath)}: ${files.length} files, ${(size / 1e6).toFixed(2)} MB`);
if (size > LIMIT) throw new Error(`The package is over ${LIMIT / 1e6} MB.`);
