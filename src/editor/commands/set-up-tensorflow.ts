import * as vscode from 'vscode';
import { askForDevices } from './device-process';

/**
 * Builds TensorFlow for Node.js from TensorFlow's Python package, in the extension's own storage.
 *
 * @param cli path of dist/emdpo.cjs
 * @param folder where it is built
 */
export async function setUpTensorFlow(
  cli: string,
  folder: string,
  log: vscode.LogOutputChannel,
): Promise<void> {
  if (!vscode.workspace.isTrusted)
    throw new Error(vscode.l10n.t('The set-up starts processes: trust this workspace first.'));
  const setUp = vscode.l10n.t('Set Up');
  const detail = vscode.l10n.t(
    'It takes TensorFlow from its Python package, about 270 MB, or 3 GB with an NVIDIA GPU, and compiles the binding for Node.js with your C++ compiler. Everything goes to {0}. Training works without it.',
    folder,
  );
  const question = vscode.l10n.t('Download and build TensorFlow?');
  if ((await vscode.window.showInformationMessage(question, { modal: true, detail }, setUp)) !== setUp)
    return;
  const report = await askForDevices({
    cli,
    args: ['--setup', 'tensorflow', '--to', folder],
    title: vscode.l10n.t('Setting up TensorFlow'),
    log,
  });
  const built = report?.devices.find(({ id }) => id === 'tfjs/node');
  if (built === undefined) return;
  if (built.state !== 'passed')
    throw new Error(vscode.l10n.t('TensorFlow was built, but it cannot be used. {0}', built.reason));
  void vscode.window.showInformationMessage(
    vscode.l10n.t('{0} is ready as device tfjs/node. {1}', built.title, built.reason),
  );
}
