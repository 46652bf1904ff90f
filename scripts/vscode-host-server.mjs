// Starts VS Code's server, and opens its workbench in Chromium. Used by the tests of the editor and of the window,
// by scripts/measure-activation.mjs and by scripts/screenshots.mjs.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { ensureChromium, ensureServer, vscodeDir } from './vscode-host.mjs';

/** Nothing that asks, fetches or moves on its own. */
export const QUIET = {
  'workbench.startupEditor': 'none',
  'files.autoSave': 'off', // the web workbench saves by itself otherwise, and one test would see another's edits
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'git.enabled': false,
  'window.restoreWindows': 'none',
  'files.simpleDialog.enable': true,
  'chat.disableAIFeatures': true,
};

/**
 * Starts a server of its own, in a temporary folder that `stop()` removes.
 *
 * @param options.env added to the server's and the extension host's environment
 * @param options.settings user settings on top of the quiet ones
 */
export async function startServer({ env = {}, settings = {} } = {}) {
  ensureServer();
  // a socket's path must stay under 108 bytes, so the folder's name is short
  const dir = mkdtempSync(path.join(tmpdir(), 'emdpo-'));
  const userData = path.join(dir, 'data');
  for (const part of ['User', 'Machine']) mkdirSync(path.join(userData, part), { recursive: true });
  writeFileSync(path.join(userData, 'User/settings.json'), JSON.stringify({ ...QUIET, ...settings }));
  const main = path.join(vscodeDir, 'out/server-main.js');
  const extensions = path.join(dir, 'extensions');
  const clean = { ...process.env, EXTENSIONS_GALLERY: '{"serviceUrl":""}', TMPDIR: dir, ...env };
  for (const name of ['NODE_OPTIONS', 'CODE_SERVER_PARENT_PID', 'VSCODE_IPC_HOOK_CLI', 'VSCODE_DEV'])
    delete clean[name];
  const args = [
    ...['--host', '127.0.0.1', '--port', '0', '--without-connection-token', '--accept-server-license-terms'],
    ...['--server-data-dir', dir, '--user-data-dir', userData, '--extensions-dir', extensions],
    ...['--telemetry-level', 'off', '--disable-telemetry'],
  ];
  // a process group of its own, so that no extension host outlives stop()
  const child = spawn(process.execPath, [main, ...args], {
    env: clean,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let log = '';
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 5000);
      await gone;
      clearTimeout(late);
    }
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // none of the group is left
    }
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  };
  let port;
  try {
    port = await new Promise((resolve, reject) => {
      const read = (bytes) => {
        log += bytes;
        const found = /Extension host agent listening on (\d+)/.exec(log);
        if (found) resolve(Number(found[1]));
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`VS Code's server ended with ${code}.\n${log}`)));
      setTimeout(
        () => reject(new Error(`VS Code's server did not start within 60 s.\n${log}`)),
        60_000,
      ).unref();
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    dir,
    userData,
    pid: child.pid,
    log: () => log,
    stop,
    /** Address of the workbench, with what it is to load in development. */
    url({ folder, extension, tests, payload = [] }) {
      const remote = (file) => `vscode-remote://127.0.0.1:${port}${file}`;
      const all = [['skipWelcome', 'true'], ...payload];
      if (extension) all.push(['extensionDevelopmentPath', remote(extension)]);
      if (tests) all.push(['extensionTestsPath', remote(tests)]);
      const url = new URL(`http://127.0.0.1:${port}/`);
      if (folder?.endsWith('.code-workspace')) url.searchParams.set('workspace', folder);
      else if (folder) url.searchParams.set('folder', folder);
      url.searchParams.set('payload', JSON.stringify(all));
      return url.href;
    },
    /** Installs a packaged extension as a person's VS Code would. */
    installVsix: (vsix) =>
      new Promise((resolve, reject) => {
        const install = [
          '--server-data-dir',
          dir,
          '--extensions-dir',
          extensions,
          '--install-extension',
          vsix,
          '--force',
        ];
        const installer = spawn(process.execPath, [main, ...install], {
          env: clean,
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        let said = '';
        installer.stdout.on('data', (bytes) => (said += bytes));
        installer.stderr.on('data', (bytes) => (said += bytes));
        installer.once('error', reject);
        installer.once('exit', (code) => (code === 0 ? resolve(said) : reject(new Error(said))));
      }),
  };
}

/**
 * Opens a headless Chromium with one page.
 *
 * @param profile folder where the browser keeps what the page stores, so that it finds it again the next time
 */
export async function openBrowser({ width = 1280, height = 800, scale = 1, profile } = {}) {
  const launch = {
    executablePath: ensureChromium(),
    headless: true,
    args: [
      ...['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
    ],
  };
  const view = { viewport: { width, height }, deviceScaleFactor: scale, locale: 'en-US' };
  if (profile !== undefined) {
    const context = await chromium.launchPersistentContext(profile, { ...launch, ...view });
    return { browser: context, page: context.pages()[0] ?? (await context.newPage()) };
  }
  const browser = await chromium.launch(launch);
  const context = await browser.newContext(view);
  return { browser, page: await context.newPage() };
}
