import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** Folders that the panel may load from. */
export function panelRoots(extension: vscode.Uri): vscode.Uri[] {
  return [vscode.Uri.joinPath(extension, 'dist'), vscode.Uri.joinPath(extension, 'media')];
}

/** Hash of an empty style element: the toolkit makes one to see whether it can, and never fills it. */
const EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

/**
 * The page of the results panel. Only the bundled script runs, by its nonce; nothing is fetched.
 *
 * @param directory the run it shows: the page keeps it as its state, so that a reload of the window finds it again
 */
export function panelHtml(webview: vscode.Webview, extension: vscode.Uri, directory: string): string {
  const nonce = randomBytes(24).toString('base64');
  const asset = (name: string) =>
    webview.asWebviewUri(vscode.Uri.joinPath(extension, 'dist', name)).toString();
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} ${EMPTY_STYLE}`,
    `img-src ${webview.cspSource} data: blob:`,
    `font-src ${webview.cspSource}`,
  ].join('; ');
  return `<!doctype html>
<html lang="${escapeHtml(vscode.env.language)}" data-run="${escapeHtml(directory)}" data-trusted="${vscode.workspace.isTrusted}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${asset('panel.css')}">
<title>EM-DPO Lab</title>
</head>
<body>
<script nonce="${nonce}" src="${asset('panel.js')}"></script>
</body>
</html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
