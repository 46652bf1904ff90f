import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';

const NO_NETWORK = ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ETIMEDOUT'];

/** Path of a desktop VS Code: the one named by VSCODE_TEST_EXECUTABLE, else a download. */
export async function desktopVsCode() {
  const named = process.env.VSCODE_TEST_EXECUTABLE;
  if (named) return named;
  try {
    return await downloadAndUnzipVSCode({
      version: process.env.VSCODE_TEST_VERSION ?? 'stable',
      cachePath: '.vscode-host/desktop',
    });
  } catch (error) {
    const hint = NO_NETWORK.includes(error.code)
      ? ' There is no network: set VSCODE_TEST_EXECUTABLE, or VSCODE_TEST_HOST=server.'
      : '';
    throw new Error(`Desktop VS Code could not be downloaded: ${error.message}.${hint}`);
  }
}

/** Runs the suite in the extension host of a desktop VS Code; returns how it ended, in words. */
export async function runInElectron({ extension, tests, folder, env }) {
  const vscodeExecutablePath = await desktopVsCode();
  try {
    const code = await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: extension,
      extensionTestsPath: tests,
      extensionTestsEnv: env,
      launchArgs: [folder, '--disable-extensions', '--disable-workspace-trust', '--skip-welcome'],
    });
    return `exit code ${code}`;
  } catch (error) {
    return error.message;
  }
}
