import { createHash } from 'node:crypto';
import type { PanelSnapshot } from '../protocol/panel';

/** The panel's bundle, `dist/panel.js` and `dist/panel.css`. */
export interface ReportAssets {
  readonly script: string;
  readonly style: string;
}

/**
 * The panel with its data as one HTML file: opens in any browser from disk and asks nothing of the network.
 * The page's policy allows exactly this script and this style, by their hashes; the data is a block that no browser
 * executes.
 */
export function renderReport(snapshot: PanelSnapshot, assets: ReportAssets): string {
  // The parser turns CR LF into LF, and the hash is over what it sees.
  const script = inlineScript(assets.script.replaceAll('\r\n', '\n'));
  const style = inlineStyle(assets.style.replaceAll('\r\n', '\n'));
  const policy = [
    "default-src 'none'",
    `script-src '${hash(script)}'`,
    // The toolkit tries a style element without text to learn what the browser can do: the second hash allows that.
    `style-src '${hash(style)}' '${hash('')}'`,
    // a chart is drawn from an address that holds it, to be saved as PNG
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const title = escapeText(`${snapshot.name ?? snapshot.manifest.name} · EM-DPO Lab`);
  return `<!DOCTYPE html>
<html lang="en" class="report">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<noscript>This report draws its tables and charts with a script inside this file. Allow scripts for it, or read result.json beside it.</noscript>
<script type="application/json" id="snapshot">${embedJson(snapshot)}</script>
<script>${script}</script>
</body>
</html>
`;
}

function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}`;
}

/** JSON that cannot end its element early: every `<` is written as an escape, so neither `</script` nor `<!--` occurs. */
export function embedJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

/** In JavaScript these two occur within strings only, where the escapes mean the same. */
function inlineScript(script: string): string {
  return script.replace(/<\/(?=script)/gi, '<\\/').replaceAll('<!--', '\\x3c!--');
}

function inlineStyle(style: string): string {
  return style.replace(/<\/(?=style)/gi, '<\\/');
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
