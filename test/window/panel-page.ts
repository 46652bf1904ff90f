import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildOptions } from 'esbuild';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import type { PanelSnapshot, ToPanel } from '../../src/protocol/panel';
import type { ReportAssets } from '../../src/run/report';
import { renderReport } from '../../src/run/report';

const root = path.resolve(import.meta.dirname, '../..');

/** The panel's bundle, as scripts/build.mjs makes it. */
export async function bundlePanel(): Promise<ReportAssets> {
  const options = JSON.parse(
    readFileSync(path.join(root, 'scripts/panel-bundle.json'), 'utf8'),
  ) as BuildOptions;
  const { outputFiles } = await build({
    ...options,
    absWorkingDir: root,
    write: false,
  });
  return { script: outputFiles[0].text, style: readFileSync(path.join(root, 'webview/panel.css'), 'utf8') };
}

/** A Chromium of this machine (`CHROMIUM` names another), or nothing where there is none. */
export async function openBrowser(): Promise<Browser | undefined> {
  const places = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const known = [process.env.CHROMIUM, ...places.map((name) => `/usr/bin/${name}`)];
  const executablePath = known.find((file) => file !== undefined && existsSync(file));
  if (executablePath === undefined) return undefined;
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
}

/** How long a page may take on a busy machine, in milliseconds. */
const PATIENCE = 90_000;

/** A page, and everything that it complained about or asked of the network. */
export interface WatchedPage {
  readonly page: Page;
  readonly complaints: string[];
}

export async function newPage(
  browser: Browser,
  options: Parameters<Browser['newPage']>[0] = {},
): Promise<WatchedPage> {
  const page = await browser.newPage({ viewport: { width: 1100, height: 800 }, ...options });
  page.setDefaultTimeout(PATIENCE);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (/^(?:https?|wss?):/.test(request.url())) complaints.push(`asked for ${request.url()}`);
  });
  return { page, complaints };
}

/** Writes the report to a fresh folder. Returns its file: address. */
export function writeReport(snapshot: PanelSnapshot, assets: ReportAssets): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'emdpo-report-')), 'report.html');
  writeFileSync(file, renderReport(snapshot, assets));
  return pathToFileURL(file).href;
}

export interface EditorPage extends WatchedPage {
  /** Requests that the panel made, in order. */
  readonly asked: { readonly id: number; readonly method: string; readonly params: unknown }[];
  /** What the panel last left as its state. */
  readonly state: () => Promise<unknown>;
  readonly post: (message: unknown) => Promise<void>;
}

/**
 * The panel as VS Code shows it: its messages go to `answer`, which stands for the extension.
 *
 * @param left what an earlier panel left as its state
 */
export async function openInEditor(
  browser: Browser,
  assets: ReportAssets,
  answer: (method: string, params: unknown) => { ok: unknown } | { err: string } | undefined,
  left?: unknown,
  trusted = true,
): Promise<EditorPage> {
  const { page, complaints } = await newPage(browser);
  const asked: EditorPage['asked'] = [];
  const post = async (message: unknown) => {
    await page.evaluate(`window.postMessage(${JSON.stringify(message)}, '*')`);
  };
  await page.exposeFunction('toExtension', async (request: EditorPage['asked'][number]) => {
    asked.push(request);
    const reply = answer(request.method, request.params);
    if (reply) await post({ kind: 'reply', id: request.id, ...reply } satisfies ToPanel);
  });
  await page.setContent(`<!DOCTYPE html><html lang="en" data-run="/runs/one" data-trusted="${trusted}"><head><title>Results</title>
    <style>:root { --vscode-foreground: #ccc; --vscode-editor-background: #1e1e1e; --vscode-descriptionForeground: #9d9d9d;
      --vscode-textLink-foreground: #4daafc; --vscode-focusBorder: #0078d4; --vscode-font-family: sans-serif; --vscode-font-size: 13px; }</style>
    <style>${assets.style}</style></head><body class="vscode-dark"></body></html>`);
  await page.evaluate(
    'window.acquireVsCodeApi = () => ({ postMessage: (m) => void toExtension(m), getState: () => window.left, setState: (s) => { window.left = s; } })',
  );
  await page.evaluate(`window.left = ${left === undefined ? 'undefined' : JSON.stringify(left)}`);
  await page.addScriptTag({ content: assets.script });
  return { page, complaints, asked, post, state: () => page.evaluate('window.left') };
}
