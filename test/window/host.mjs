// The two real windows: VS Code's server in Chromium, and desktop VS Code. Both with the package installed.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { resolveCliArgsFromVSCodeExecutablePath } from '@vscode/test-electron';
import { _electron } from 'playwright-core';
import { QUIET, openBrowser, startServer } from '../../scripts/vscode-host-server.mjs';
import { desktopVsCode } from '../editor/host-electron.mjs';

/** How long a window may take to come up on a busy machine, in milliseconds. */
const PATIENCE = 90_000;

/**
 * @returns a window with the page, what it complained about, `close`, and `reopen`: closes the window as a person does,
 * does `meanwhile`, and gives the page of a new window on the same folder; `another`: the page of a second window on it.
 * The server takes several packages.
 */
export const openWindow = { server: inServer, electron: inElectron };

async function inServer({ vsix, folder, settings = {} }) {
  const server = await startServer({ settings });
  const errors = [];
  try {
    for (const each of [vsix].flat()) await server.installVsix(each);
    let browser;
    let shown;
    const open = async () => {
      const opened = await openBrowser({
        width: 1360,
        height: 860,
        profile: path.join(server.dir, 'browser'),
      });
      browser = opened.browser;
      shown = opened.page;
      collect(opened.page, errors);
      await opened.page.goto(server.url({ folder }), { timeout: PATIENCE });
      return opened.page;
    };
    const page = await open();
    const reopen = async (meanwhile) => {
      // lets the editor put its state away first, which it does when its page is left
      await shown.goto('about:blank');
      await browser.close();
      await meanwhile();
      return open();
    };
    let second;
    const another = async () => {
      const opened = await openBrowser({ width: 1360, height: 860 });
      second = opened.browser;
      collect(opened.page, errors);
      await opened.page.goto(server.url({ folder }), { timeout: PATIENCE });
      return opened.page;
    };
    const close = async () => {
      await second?.close();
      await browser.close();
      await server.stop();
    };
    return { page, errors, reopen, another, close, logs: () => extensionLogs(server.dir) };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function inElectron({ vsix, folder, settings = {} }) {
  const executablePath = await desktopVsCode();
  const dir = mkdtempSync(path.join(tmpdir(), 'emdpo-'));
  const profile = (name) => {
    const own = path.join(dir, name);
    mkdirSync(path.join(own, 'User'), { recursive: true });
    writeFileSync(path.join(own, 'User/settings.json'), JSON.stringify({ ...QUIET, ...settings }));
    return own;
  };
  const userData = profile('data');
  const folders = [`--extensions-dir=${path.join(dir, 'extensions')}`, `--user-data-dir=${userData}`];
  const [cli, ...args] = resolveCliArgsFromVSCodeExecutablePath(executablePath);
  const own = args.filter((arg) => !/^--(extensions|user-data)-dir/.test(arg));
  const install = spawnSync(cli, [...own, ...folders, '--install-extension', vsix, '--force'], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (install.status !== 0) throw new Error(`The package could not be installed: ${install.stderr}`);
  const trust = settings['security.workspace.trust.enabled'] ? [] : ['--disable-workspace-trust'];
  const errors = [];
  const launch = (userDataDir) =>
    _electron.launch({
      executablePath,
      args: [
        folder,
        folders[0],
        `--user-data-dir=${userDataDir}`,
        ...trust,
        '--skip-welcome',
        '--skip-release-notes',
        '--no-sandbox',
        '--disable-updates',
      ],
    });
  let app;
  const open = async () => {
    app = await launch(userData);
    const page = await app.firstWindow();
    collect(page, errors);
    return page;
  };
  const page = await open();
  const reopen = async (meanwhile) => {
    await app.close();
    await meanwhile();
    return open();
  };
  // an instance of its own: one instance shows a folder in one window only
  let second;
  const another = async () => {
    second = await launch(profile('second'));
    const shown = await second.firstWindow();
    collect(shown, errors);
    return shown;
  };
  const close = async () => {
    await second?.close();
    await app.close();
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  };
  return { page, errors, reopen, another, close, logs: () => extensionLogs(userData) };
}

/** Keeps what concerns the extension: the workbench complains about much that is not ours. */
function collect(page, errors) {
  page.on('console', (message) => {
    if (message.type() === 'error' && /em-?dpo/i.test(message.text()))
      errors.push(message.text().slice(0, 500));
  });
  page.on('pageerror', (error) => {
    if (/em-?dpo/i.test(error.stack ?? '')) errors.push(String(error.stack).slice(0, 500));
  });
}

/** Files of the extension's log output channel, where the host writes any. */
function extensionLogs(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => /em-dpo-lab.*\.log$/i.test(name) || /EM-DPO\.log$/.test(name))
    .map((name) => path.join(folder, name));
}
