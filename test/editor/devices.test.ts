import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import { showDevices } from '../../src/editor/commands/show-devices';
import { askForDevices } from '../../src/editor/commands/device-process';
import { activated, recordingLog, until } from './tools';

describe('Devices', () => {
  let cli = '';

  before(async () => {
    cli = path.join((await activated()).extensionPath, 'dist', 'emdpo.cjs');
  });

  it('are tested, listed, and the chosen one is copied', async () => {
    await vscode.env.clipboard.writeText('');
    const { log, lines } = recordingLog();
    let over = false;
    const shown = showDevices(cli, log, ['tfjs/cpu']).then(() => {
      over = true;
    });
    // the list opens once the log has the results; a key pressed before that goes nowhere
    await until('the device was copied', async () => {
      if (lines.some((line) => line.includes('tfjs/cpu: passed')))
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return over;
    });
    await shown;
    assert.equal(await vscode.env.clipboard.readText(), 'tfjs/cpu');
  });

  it('say what is wrong in a sentence', async () => {
    const { log } = recordingLog();
    const asked = Promise.resolve(askForDevices({ cli, args: ['--only', 'abacus'], title: 'Testing', log }));
    await assert.rejects(asked, /^Error: There is no device “abacus”\. The devices are onnxruntime\/cuda, /);
  });

  it('that were set up by the editor are those that trainings find', () => {
    assert.match(process.env.EMDPO_TENSORFLOW ?? '', /tensorflow$/);
  });
});
