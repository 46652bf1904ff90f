// The least that an extension can show: a webview with one heading. What it takes to appear is the editor’s own.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createVSIX } from '@vscode/vsce';

export const OPEN_BARE = 'Bare: Open Webview';

const MANIFEST = {
  name: 'bare-webview',
  publisher: 'em-dpo-lab',
  version: '0.0.1',
  engines: { vscode: '^1.100.0' },
  extensionKind: ['workspace'],
  main: './main.js',
  contributes: { commands: [{ command: 'bare.open', title: OPEN_BARE }] },
};

const MAIN = `const vscode = require('vscode');
exports.activate = ({ subscriptions }) => subscriptions.push(vscode.commands.registerCommand('bare.open', () => {
  // scripts are allowed because no frame calls back where they are not
  const panel = vscode.window.createWebviewPanel('bare', 'Bare', vscode.ViewColumn.Active, { enableScripts: true });
  panel.webview.html = '<!doctype html><html><head><title>Bare</title></head><body><h1>Bare</h1></body></html>';
}));`;

/** Packs it into a folder; returns the package's path. */
export async function packBareWebview(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(MANIFEST));
  writeFileSync(path.join(folder, 'main.js'), MAIN);
  const packagePath = path.join(folder, 'bare.vsix');
  const told = { allowMissingRepository: true, skipLicense: true, dependencies: false };
  await createVSIX({ cwd: folder, packagePath, ...told });
  return packagePath;
}
