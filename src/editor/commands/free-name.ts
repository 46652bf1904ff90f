import * as vscode from 'vscode';

/** A file in a folder whose name is not taken: `answers.jsonl`, `answers-2.jsonl`, … */
export async function freeName(folder: vscode.Uri, stem: string, extension: string): Promise<vscode.Uri> {
  for (let n = 1; ; n++) {
    const uri = vscode.Uri.joinPath(folder, `${stem}${n === 1 ? '' : `-${n}`}${extension}`);
    if (!(await exists(uri))) return uri;
  }
}

export async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
