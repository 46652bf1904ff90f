// Compiles what is written in AssemblyScript, the kernels of the fits and the scanner of records, to WebAssembly, which
// is kept as text beside the programs that use it: so tests, the command line and the extension have it without a file
// to look for.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const MODULES = {
  kernels: {
    folder: 'src/compute/kernels/assembly',
    target: 'src/compute/kernels/wasm/compiled.ts',
    options: ['--memoryBase', '320'], // behind what threads agree on (layout.ts)
  },
  scanner: { folder: 'src/dataset/scan/assembly', target: 'src/dataset/scan/compiled.ts', options: [] },
};
const OPTIONS = [
  ...['--runtime', 'stub', '--noAssert', '--disableWarning', '-O3', '--converge'],
  ...['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
  ...['--enable', 'simd', '--enable', 'threads'],
];

/** Fingerprint of a module’s sources and of the compiler: what is kept is made anew when it changes. */
export function sourcesOf(module) {
  const { folder: sources, options } = MODULES[module];
  const folder = path.join(root, sources);
  const hash = createHash('sha256')
    .update(JSON.stringify([...OPTIONS, ...options]))
    .update(compiler());
  for (const name of readdirSync(folder).sort())
    hash.update(`\0${name}\0`).update(readFileSync(path.join(folder, name)));
  return hash.digest('hex');
}

function compiler() {
  const { devDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  return devDependencies.assemblyscript;
}

async function compile(module) {
  const { default: asc } = await import('assemblyscript/asc');
  const folder = mkdtempSync(path.join(tmpdir(), `${module}-`));
  const out = path.join(folder, `${module}.wasm`);
  try {
    const { folder: sources, options } = MODULES[module];
    const source = path.join(root, sources, 'jobs.ts');
    const { error, stderr } = await asc.main([source, '--outFile', out, ...OPTIONS, ...options]);
    if (error) throw new Error(`${sources} does not compile: ${stderr.toString()}`);
    return readFileSync(out).toString('base64');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Compiles the modules whose sources are others than those of what is kept. */
export async function writeKernels() {
  for (const [module, { folder, target }] of Object.entries(MODULES)) {
    const file = path.join(root, target);
    const sources = sourcesOf(module);
    if (existsSync(file) && readFileSync(file, 'utf8').includes(`'${sources}'`)) continue;
    const lines = (await compile(module)).match(/.{1,100}/g).map((line) => `  '${line}',`);
    writeFileSync(
      file,
      `// Made by scripts/kernels.mjs from the files in ${folder}.\nexport const SOURCES = '${sources}';\n` +
        `export const COMPILED_${module.toUpperCase()} = [\n${lines.join('\n')}\n].join('');\n`,
    );
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeKernels();
