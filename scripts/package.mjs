// Packs the built extension for a platform, with onnxruntime's libraries for that platform alone, and checks what went
// in: no source, tests or maps, and no more than it should weigh.
//   node scripts/package.mjs                      for this machine
//   node scripts/package.mjs --target win32-x64   for another platform
//   node scripts/package.mjs --all                for every platform, and one without onnxruntime for all others
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { createVSIX, listFiles } from '@vscode/vsce';
import { root } from './vscode-host.mjs';

/** Platforms that onnxruntime has libraries for. Elsewhere language models are trained in WebAssembly. */
const TARGETS = ['linux-x64', 'linux-arm64', 'win32-x64', 'win32-arm64', 'darwin-arm64'];
const ELSEWHERE = 'elsewhere';

/** Bytes of a package, and of what is in it besides onnxruntime. */
const LIMIT = 40e6;
const OWN_LIMIT = 8e6;
const RUNTIME = /^node_modules\/onnxruntime-(node|common)\//;
const UNWANTED = /\.(ts|map|mjs)$|^(src|test|webview|scripts)\//;

const { values: asked } = parseArgs({ options: { target: { type: 'string' }, all: { type: 'boolean' } } });
const here = `${process.platform}-${process.arch}`;
const targets = asked.all
  ? [...TARGETS, ELSEWHERE]
  : [asked.target ?? (TARGETS.includes(here) ? here : ELSEWHERE)];
const { name, version, repository } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
for (const target of targets) await pack(target);

async function pack(target) {
  if (target !== ELSEWHERE && !TARGETS.includes(target))
    throw new Error(`There is no target ${target}. The targets are ${TARGETS.join(', ')} and ${ELSEWHERE}.`);
  const ignoreFile = writeIgnoreFile(target);
  const options = { cwd: root, ignoreFile, dependencies: target !== ELSEWHERE };
  const files = await listFiles(options);
  const unwanted = files.filter(
    (file) => UNWANTED.test(file) || (file.startsWith('node_modules/') && !RUNTIME.test(file)),
  );
  if (unwanted.length > 0) throw new Error(`These do not belong into the package: ${unwanted.join(', ')}`);
  const own = files.filter((file) => !RUNTIME.test(file));
  const weight = own.reduce((sum, file) => sum + statSync(path.join(root, file)).size, 0);
  if (weight > OWN_LIMIT)
    throw new Error(`The package is over ${OWN_LIMIT / 1e6} MB even without onnxruntime.`);

  const platform = target === ELSEWHERE ? '' : `-${target}`;
  const packagePath = path.join(root, `${name}${platform}-${version}.vsix`);
  await createVSIX({
    ...options,
    packagePath,
    target: target === ELSEWHERE ? undefined : target,
    // without a repository there is nothing that links could be relative to
    allowMissingRepository: true,
    rewriteRelativeLinks: repository !== undefined,
  });
  const { size } = statSync(packagePath);
  console.log(`${path.basename(packagePath)}: ${files.length} files, ${(size / 1e6).toFixed(2)} MB`);
  if (size > LIMIT) throw new Error(`The package is over ${LIMIT / 1e6} MB.`);
}

/** `.vscodeignore`, and of onnxruntime what this platform needs. */
function writeIgnoreFile(target) {
  const lines = [readFileSync(path.join(root, '.vscodeignore'), 'utf8')];
  if (target !== ELSEWHERE) {
    const binaries = `node_modules/onnxruntime-node/bin/napi-v6/${target.replace('-', '/')}`;
    if (!existsSync(path.join(root, binaries)))
      throw new Error(
        `${binaries} is missing: the installed onnxruntime-node has no libraries for ${target}.`,
      );
    // Not libraries for CUDA that a person added, and not the copy of macOS's library that nothing loads.
    lines.push(`!${binaries}/!(*providers*|*.1.*.*.dylib)`);
    lines.push('!node_modules/onnxruntime-node/package.json', '!node_modules/onnxruntime-node/dist/*.js');
    const common = '!node_modules/onnxruntime-common';
    lines.push(`${common}/package.json`, `${common}/dist/cjs/package.json`, `${common}/dist/cjs/*.js`);
  }
  const file = path.join(root, '.cache', `vscodeignore-${target}`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, lines.join('\n') + '\n');
  return file;
}
