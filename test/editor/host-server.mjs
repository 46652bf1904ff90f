import { openBrowser, startServer } from '../../scripts/vscode-host-server.mjs';

const LIMIT = 240_000;

/** Runs the suite in the extension host of VS Code's server; returns how it ended, in words. */
export async function runInServer({ extension, tests, folder, env }) {
  const server = await startServer({ env });
  const { browser, page } = await openBrowser();
  const errors = [];
  try {
    const exit = new Promise((resolve) => {
      void page.exposeFunction('codeAutomationLog', (type, args) => {
        if (type === 'error') errors.push(args.join(' ').slice(0, 600));
      });
      void page.exposeFunction('codeAutomationExit', (code) => resolve(`exit code ${code}`));
    });
    const died = new Promise((resolve) => {
      const watch = setInterval(() => {
        const found = /Extension Host Process exited with code: .*/.exec(server.log());
        if (!found) return;
        clearInterval(watch);
        resolve(found[0]);
      }, 200);
      watch.unref();
    });
    const late = new Promise((resolve) =>
      setTimeout(() => resolve(`no end within ${LIMIT / 1000} s`), LIMIT).unref(),
    );
    await page.goto(server.url({ folder, extension, tests }));
    const ended = await Promise.race([exit, died, late]);
    return [ended, ...errors].join('\n');
  } finally {
    await browser.close();
    await server.stop();
  }
}
