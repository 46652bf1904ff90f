// Drives a real window with the packaged extension installed, as a person would, and prints one line a step.
//   VSCODE_TEST_HOST=server    (default) VS Code's own server and web workbench, in Chromium (scripts/vscode-host.mjs)
//   VSCODE_TEST_HOST=electron  desktop VS Code: VSCODE_TEST_EXECUTABLE=/path/to/code, else @vscode/test-electron downloads it
//   EMDPO_SCREENSHOTS=DIR      keeps a picture of each step, in dark, light and high contrast
//   EMDPO_VSIX=FILE            tests this package instead of packing one
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createWorkspace } from '../editor/workspace.mjs';
import { drive } from './driver.mjs';
import { openWindow } from './host.mjs';
import { pack } from './pack.mjs';
import { createSteps } from './steps.mjs';
import { crowd } from './crowd.mjs';
import { everyday } from './everyday.mjs';
import { outlived } from './outlived.mjs';
import { interrupted } from './interrupted.mjs';
import { mapped } from './mapped.mjs';
import { sharedQueue } from './shared-queue.mjs';
import { tooBig } from './too-big.mjs';
import { untrusted } from './untrusted.mjs';

const host = process.env.VSCODE_TEST_HOST ?? 'server';
if (!Object.hasOwn(openWindow, host)) {
  console.error(`VSCODE_TEST_HOST=${host}: it must be server or electron.`);
  process.exit(2);
}
const shots = process.env.EMDPO_SCREENSHOTS;
if (shots) mkdirSync(shots, { recursive: true });
const only = process.env.EMDPO_TEST_GREP ?? '';

const scenarios = [everyday, crowd, mapped, interrupted, outlived, sharedQueue, tooBig, untrusted];
const scratch = mkdtempSync(path.join(tmpdir(), 'emdpo-window-'));
const steps = createSteps();
try {
  const vsix = process.env.EMDPO_VSIX ?? pack();
  for (const { title, settings, prepare, play } of scenarios) {
    if (!title.includes(only)) continue;
    const folder = createWorkspace(path.join(scratch, title.replaceAll(/\W+/g, '-')));
    prepare?.(folder);
    const window = await openWindow[host]({ vsix, folder, settings });
    const driver = drive(window.page);
    let page = window.page;
    const shot = async (name) => {
      if (shots) await page.screenshot({ path: path.join(shots, `${name}.png`) });
    };
    try {
      await steps.scenario(title, async (step) => {
        await step('the window opens', driver.ready);
        await play({
          step,
          shot,
          folder,
          host,
          ...driver,
          reopen: async (meanwhile) => {
            page = await window.reopen(meanwhile);
            return drive(page);
          },
          another: async () => drive(await window.another()),
          errors: window.errors,
          logs: window.logs,
        });
      });
      if (steps.count.failed > 0) await shot(`failed-${title.replaceAll(/\W+/g, '-')}`);
    } finally {
      await window.close();
    }
  }
} catch (error) {
  steps.count.failed++;
  console.error(error instanceof Error ? error.message : error);
} finally {
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
}
const { passed, failed, skipped } = steps.count;
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
