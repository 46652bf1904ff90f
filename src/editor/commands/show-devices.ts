import * as vscode from 'vscode';
import type { DeviceReport } from '../../protocol/device';
import { askForDevices } from './device-process';

const ICONS = { passed: 'pass', failed: 'error', absent: 'circle-slash' } as const;

/**
 * Tests the devices of this machine and lists them; the one that is chosen is copied, for `compute.device` of an
 * experiment.
 *
 * @param given identifiers of devices; all by default
 */
export async function showDevices(cli: string, log: vscode.LogOutputChannel, given: unknown): Promise<void> {
  if (!vscode.workspace.isTrusted)
    throw new Error(vscode.l10n.t('Testing devices starts processes: trust this workspace first.'));
  const only = Array.isArray(given) ? given.filter((id) => typeof id === 'string') : [];
  const args = only.length > 0 ? ['--only', ...only] : [];
  const report = await askForDevices({ cli, args, title: vscode.l10n.t('Testing devices'), log });
  if (report === undefined) return;
  for (const device of report.devices) log.info(`${device.id}: ${device.state}. ${device.reason}`);
  const chosen = await vscode.window.showQuickPick(
    report.devices.map((device) => item(device, device.id === report.auto)),
    {
      title: vscode.l10n.t('Devices for language models'),
      placeHolder: vscode.l10n.t('Choose one to copy it for “compute.device” of an experiment'),
      matchOnDescription: true,
      matchOnDetail: true,
    },
  );
  if (chosen === undefined) return;
  await vscode.env.clipboard.writeText(chosen.id);
  void vscode.window.showInformationMessage(
    vscode.l10n.t('Copied “{0}”. Paste it as “device” into “compute” of an experiment.', chosen.id),
  );
}

function item(device: DeviceReport, auto: boolean): vscode.QuickPickItem & { id: string } {
  const { id, title, state, reason, speed } = device;
  const words = [reason];
  if (speed !== undefined && id !== 'onnxruntime/cpu')
    words.push(vscode.l10n.t('{0} × the speed of onnxruntime/cpu.', speed.toPrecision(2)));
  return {
    id,
    label: `$(${ICONS[state]}) ${id}`,
    description: auto ? vscode.l10n.t('{0} – taken by “auto”', title) : title,
    detail: words.join(' '),
  };
}
