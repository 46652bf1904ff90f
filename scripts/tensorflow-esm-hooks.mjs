// Loader hooks of tensorflow-esm.mjs: every import of @tensorflow/… means its ES modules.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const SCOPE = '@tensorflow/tfjs';
/** Some of its ES modules call require, as a bundler would allow. */
const REQUIRE = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`;
const INSIDE = /\/node_modules\/@tensorflow\/tfjs-(core|backend-[a-z]+)\/dist\//;

export async function resolve(specifier, context, next) {
  const file = target(specifier, context.parentURL ?? '');
  if (file === undefined) return next(specifier, context);
  const url = pathToFileURL(file).href;
  // what Emscripten wrote beside the ES modules is CommonJS
  return { url, format: INSIDE.test(url) ? 'module' : 'commonjs', shortCircuit: true };
}

export async function load(url, context, next) {
  if (!INSIDE.test(url) || !url.endsWith('.js')) return next(url, context);
  const source = readFileSync(fileURLToPath(url), 'utf8');
  return {
    format: 'module',
    source: source.includes('require(') ? REQUIRE + source : source,
    shortCircuit: true,
  };
}

function target(specifier, parent) {
  if (specifier.startsWith('.')) {
    return INSIDE.test(parent)
      ? withExtension(path.resolve(path.dirname(fileURLToPath(parent)), specifier))
      : undefined;
  }
  if (!specifier.startsWith(SCOPE)) return undefined;
  const [scope, name, ...rest] = specifier.split('/');
  const manifest = createRequire(parent || import.meta.url).resolve(`${scope}/${name}/package.json`);
  const folder = path.dirname(manifest);
  if (rest.length > 0) return withExtension(path.join(folder, ...rest));
  const { module: entry } = JSON.parse(readFileSync(manifest, 'utf8'));
  return entry === undefined ? undefined : path.join(folder, entry);
}

function withExtension(file) {
  return [file, `${file}.js`, path.join(file, 'index.js')].find(
    (one) => existsSync(one) && statSync(one).isFile(),
  );
}
