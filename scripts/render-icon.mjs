// Renders media/icons/marketplace.svg to media/icon.png, the extension's icon: 128 × 128.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './vscode-host.mjs';
import { openBrowser } from './vscode-host-server.mjs';

const { browser, page } = await openBrowser({ width: 128, height: 128 });
const svg = readFileSync(path.join(root, 'media/icons/marketplace.svg'), 'utf8');
await page.setContent(`<style>body{margin:0;background:transparent}svg{display:block}</style>${svg}`);
await page.screenshot({ path: path.join(root, 'media/icon.png'), omitBackground: true });
await browser.close();
