// Brings a fresh clone to where things run: installs the packages where they are missing or not those of
// package-lock.json, and builds dist/. Uses nothing but Node.js, as nothing else is there yet.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Installs and builds. Ends the process with a sentence when it cannot. */
export function setup() {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20) stop(`Node.js 20 or newer is needed; this is ${process.version}.`);
  const why = whyInstall();
  if (why !== undefined) {
    console.log(`Installing packages: ${why}.`);
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], 'The packages could not be installed.');
  }
  console.log('Building dist/.');
  run(process.execPath, ['scripts/build.mjs'], 'The build failed.');
}

/** Compares what is installed with what package-lock.json asks for; a checkout changes times, but not contents. */
function whyInstall() {
  const installed = path.join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return 'there are none yet';
  const have = packagesOf(installed);
  const wanted = packagesOf(path.join(root, 'package-lock.json'));
  for (const [name, { version, optional }] of Object.entries(wanted)) {
    if (name === '' || have[name]?.version === version) continue;
    if (have[name] === undefined && optional) continue; // made for another platform
    return `${name.replace(/^node_modules\//, '')} ${version} is not there`;
  }
  return undefined;
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
  } catch {
    return {};
  }
}

function run(command, args, failure) {
  // npm is a script on Windows, which only a shell starts
  const shell = process.platform === 'win32' && command === 'npm';
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell });
  if (error) stop(`${failure} ${command} cannot be started: ${error.message}`);
  if (status !== 0) stop(failure);
}

function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setup();
