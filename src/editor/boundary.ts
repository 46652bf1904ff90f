import * as vscode from 'vscode';

/** What went wrong, as a sentence; stack traces go to the log. */
export function sentence(error: unknown): string {
  const text = (error instanceof Error ? error.message : String(error)).trim();
  return text === '' || /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** The one place where an error becomes a message for the person: a sentence, and the way to the log. */
export async function showError(log: vscode.LogOutputChannel, error: unknown): Promise<void> {
  log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const openLog = vscode.l10n.t('Show Log');
  const chosen = await vscode.window.showErrorMessage(sentence(error), openLog);
  if (chosen === openLog) log.show();
}

/**
 * Registers a command whose failure ends in a message. A command of a list gets the entry it was called on and all that are
 * selected.
 */
export function registerCommand(
  log: vscode.LogOutputChannel,
  id: string,
  handler: (given: unknown, selected?: unknown) => unknown,
): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (given: unknown, selected: unknown) => {
    try {
      return await handler(given, selected);
    } catch (error) {
      void showError(log, error);
      return undefined;
    }
  });
}
