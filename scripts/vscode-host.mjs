// Puts a real VS Code into .vscode-host/, once: VS Code's own server and web workbench out of the npm package
// code-server, and Chromium to show it in. The tests of the editor and of the window use it (VSCODE_TEST_HOST=server).
// Prints what it does, and nothing when everything is there.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** VS Code 1.100.3: the last code-server that Node 20 runs. */
const CODE_SERVER = '4.100.3';
const RIPGREP = '1.18.0';

const hostDir = path.join(root, '.vscode-host');
/** Folder of VS Code inside the package. */
export const vscodeDir = path.join(hostDir, 'node_modules/code-server/lib/vscode');

/** Whether the server can write log files. */
export function writesLogs() {
  return existsSync(path.join(vscodeDir, 'node_modules/@vscode/spdlog/build/Release/spdlog.node'));
}

/** Makes sure that VS Code's server is there; throws a sentence when it cannot be. */
export function ensureServer() {
  const done = path.join(hostDir, `ready-${CODE_SERVER}`);
  if (existsSync(done)) return;
  if (process.platform === 'win32') {
    throw new Error('The server host needs Linux or macOS: on Windows set VSCODE_TEST_HOST=electron.');
  }
  console.log(`Setting up VS Code (code-server ${CODE_SERVER} from npm, about 300 MB) in .vscode-host/ …`);
  rmSync(hostDir, { recursive: true, force: true });
  mkdirSync(hostDir, { recursive: true });
  writeFileSync(path.join(hostDir, 'package.json'), '{"name":"vscode-host","private":true}\n');
  // No install script runs: those of code-server download more, and VS Code's server needs none of it.
  const npm = [
    'install',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-package-lock',
    '--loglevel=error',
  ];
  const platform = `${process.platform}-${process.arch}`;
  run('npm', [...npm, `code-server@${CODE_SERVER}`, `@vscode/ripgrep-${platform}@${RIPGREP}`], hostDir);
  run('npm', [...npm, '--omit=dev'], vscodeDir);
  // File search and `workspaceContains` need ripgrep: the binary of the platform's package stands in.
  const bin = path.join(vscodeDir, 'node_modules/@vscode/ripgrep/bin');
  mkdirSync(bin, { recursive: true });
  symlinkSync(path.join(hostDir, `node_modules/@vscode/ripgrep-${platform}/bin/rg`), path.join(bin, 'rg'));
  run(process.execPath, [path.join(vscodeDir, 'out/server-main.js'), '--version'], hostDir);
  // Writing log files takes a native module; without a compiler the tests that read logs are skipped.
  // npm hands this project's ignore-scripts on to what it runs.
  const rebuild = ['rebuild', '@vscode/spdlog', '--ignore-scripts=false', '--loglevel=error'];
  const rebuilt = spawnSync('npm', rebuild, { cwd: vscodeDir, stdio: 'ignore' });
  if (rebuilt.status !== 0) console.log('No C++ compiler: VS Code writes no log files here.');
  writeFileSync(done, '');
}

/** Path of a Chromium, installed by apt-get where it is missing and this is root on Debian or Ubuntu. */
export function ensureChromium() {
  const named = process.env.CHROMIUM;
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(`CHROMIUM=${named}: there is no such file.`);
  }
  const usual = [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ];
  const found = usual.find((file) => existsSync(file));
  if (found) return found;
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Installing Chromium with apt-get …');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    run('apt-get', ['update', '-qq'], root, env);
    run(
      'apt-get',
      ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'],
      root,
      env,
    );
    if (existsSync(usual[0])) return usual[0];
  }
  throw new Error('No Chromium found. Install one, or set CHROMIUM to its path.');
}

function run(command, args, cwd, env = process.env) {
  const { status, error } = spawnSync(command, args, { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] });
  if (error) throw new Error(`${command} could not be started: ${error.message}`);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}.`);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  ensureServer();
  ensureChromium();
}
