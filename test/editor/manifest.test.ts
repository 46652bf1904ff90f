import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { activated } from './tools';

interface Manifest {
  activationEvents: string[];
  contributes: {
    commands: { command: string }[];
    menus: Record<string, { command?: string; submenu?: string }[]>;
    walkthroughs: { steps: { media: { markdown: string } }[] }[];
  };
}

describe('The extension', () => {
  let root = '';
  let manifest: Manifest;

  before(async () => {
    const extension = await activated();
    root = extension.extensionPath;
    manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;
  });

  it('registers every command it contributes', async () => {
    const known = new Set(await vscode.commands.getCommands(true));
    const missing = manifest.contributes.commands.filter(({ command }) => !known.has(command));
    assert.deepEqual(missing, []);
  });

  it('puts only contributed commands into menus', () => {
    const contributed = new Set(manifest.contributes.commands.map(({ command }) => command));
    const inMenus = Object.values(manifest.contributes.menus).flatMap((items) =>
      items.map((item) => item.command),
    );
    assert.deepEqual(
      inMenus.filter((command) => command !== undefined && !contributed.has(command)),
      [],
    );
  });

  it('does not start with the editor', () => {
    assert.ok(!manifest.activationEvents.some((event) => event === '*' || event.startsWith('onStartup')));
  });

  it('names every string of the manifest, and no others', () => {
    const text = readFileSync(path.join(root, 'package.json'), 'utf8');
    const used = new Set([...text.matchAll(/"%([^%"]+)%"/g)].map((match) => match[1]));
    const named = JSON.parse(readFileSync(path.join(root, 'package.nls.json'), 'utf8')) as Record<
      string,
      string
    >;
    assert.deepEqual([...used].sort(), Object.keys(named).sort());
  });

  it('keeps its translatable strings up to date', () => {
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
    execFileSync(process.execPath, [path.join(root, 'scripts/l10n.mjs'), '--check'], { env });
  });

  it('has every page of the walkthrough', () => {
    const pages = manifest.contributes.walkthroughs.flatMap((each) =>
      each.steps.map((step) => step.media.markdown),
    );
    assert.ok(pages.length > 0);
    assert.deepEqual(
      pages.filter((page) => !existsSync(path.join(root, page))),
      [],
    );
  });

  it('opens an experiment as JSON with comments', async () => {
    const folder = vscode.workspace.workspaceFolders?.at(0);
    assert.ok(folder);
    const document = await vscode.workspace.openTextDocument(
      vscode.Uri.joinPath(folder.uri, 'quick.emdpo.json'),
    );
    assert.equal(document.languageId, 'jsonc');
  });
});
