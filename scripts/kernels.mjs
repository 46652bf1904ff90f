// Compiles the kernels in src/compute/kernels/assembly (AssemblyScript) to WebAssembly, which is kept as text in
// src/compute/kernels/wasm/compiled.ts: so tests, the command line and the extension have it without a file to look for.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const TARGET = path.join(root, 'src/compute/kernels/wasm/compiled.ts');
const OPTIONS = [
  ...['--runtime', 'stub', '--noAssert', '--disableWarning', '-O3', '--converge'],
  ...['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
  ...['--enable', 'simd', '--enable', 'threads'],
];

/** Fingerprint of the sources and of the compiler: what is kept is made anew when it changes. */
export function sourcesOfKernels() {
  const folder = path.join(root, 'src/compute/kernels/assembly');
  const hash = createHash('sha256').update(JSON.stringify(OPTIONS)).update(compiler());
  for (const name of readdirSync(folder).sort())
    hash.update(`\0${name}\0`).update(readFileSync(path.join(folder, name)));
  return hash.digest('hex');
}

function compiler() {
  const { devDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  return devDependencies.assemblyscript;
}

async function compile() {
  const { default: asc } = await import('assemblyscript/asc');
  const folder = mkdtempSync(path.join(tmpdir(), 'kernels-'));
  const out = path.join(folder, 'kernels.wasm');
  try {
    const source = path.join(root, 'src/compute/kernels/assembly/jobs.ts');
    const { error, stderr } = await asc.main([source, '--outFile', out, ...OPTIONS]);
    if (error) throw new Error(`The kernels do not compile: ${stderr.toString()}`);
    return readFileSync(out).toString('base64');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Compiles where the sources are others than those of what is kept. */
export async function writeKernels() {
  const sources = sourcesOfKernels();
  if (existsSync(TARGET) && readFileSync(TARGET, 'utf8').includes(`'${sources}'`)) return;
  const lines = (await compile()).match(/.{1,100}/g).map((line) => `  '${line}',`);
  writeFileSync(
    TARGET,
    `// Made by scripts/kernels.mjs from the files in ../assembly.\nexport const SOURCES = '${sources}';\n` +
      `export const COMPILED_KERNELS = [\n${lines.join('\n')}\n].join('');\n`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeKernels();
