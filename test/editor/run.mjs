// Runs the suite of test/editor inside a real extension host, and prints one line a test.
//   VSCODE_TEST_HOST=server    (default) VS Code's own server and web workbench, in Chromium (scripts/vscode-host.mjs)
//   VSCODE_TEST_HOST=electron  desktop VS Code: VSCODE_TEST_EXECUTABLE=/path/to/code, else @vscode/test-electron downloads it
// The host is the caller's word: nothing falls back silently. EMDPO_TEST_GREP runs only the tests whose name matches.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../../scripts/vscode-host.mjs';
import { bundleSuite } from './bundle.mjs';
import { runInElectron } from './host-electron.mjs';
import { runInServer } from './host-server.mjs';
import { createWorkspaceOfTwo } from './workspace.mjs';

const host = process.env.VSCODE_TEST_HOST ?? 'server';
const hosts = { server: runInServer, electron: runInElectron };
if (!(host in hosts)) {
  console.error(`VSCODE_TEST_HOST=${host}: it must be server or electron.`);
  process.exit(2);
}

const scratch = mkdtempSync(path.join(tmpdir(), 'emdpo-editor-'));
const resultFile = path.join(scratch, 'result.json');
let code = 1;
try {
  const tests = await bundleSuite();
  const folder = createWorkspaceOfTwo(scratch);
  const env = { EMDPO_TEST_RESULT: resultFile, EMDPO_TEST_GREP: process.env.EMDPO_TEST_GREP ?? '' };
  const ended = await hosts[host]({ extension: root, tests, folder, env });
  // The verdict is the file that the suite writes last: a host that dies may well look like one that passed.
  if (existsSync(resultFile)) {
    const { cases } = JSON.parse(readFileSync(resultFile, 'utf8'));
    const count = { passed: 0, failed: 0, skipped: 0 };
    for (const test of cases) {
      count[test.state]++;
      const mark = { passed: '✔', failed: '✖', skipped: '﹣' }[test.state];
      console.log(`${mark} ${test.title}${test.ms === undefined ? '' : ` (${test.ms}ms)`}`);
      if (test.error) console.log(test.error.replace(/^/gm, '    '));
    }
    console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
    code = count.failed > 0 || count.passed === 0 ? 1 : 0;
  } else {
    console.log(`The suite left no result: ${ended}`);
    console.log('0 passed, 1 failed, 0 skipped');
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log('0 passed, 1 failed, 0 skipped');
} finally {
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
}
process.exit(code);
