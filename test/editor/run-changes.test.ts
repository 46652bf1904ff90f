import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { compareHandlers } from '../../src/editor/panel/compare-handlers';
import { deleteRunsAfterAsking } from '../../src/editor/commands/delete-run';
import { runsGiven } from '../../src/editor/commands/pick-run';
import { rename } from '../../src/editor/commands/rename-run';
import { runItem } from '../../src/editor/runs/run-item';
import { createRunList } from '../../src/editor/runs/run-list';
import { listRuns } from '../../src/run/directory';
import { readManifest } from '../../src/run/manifest';
import { pinnedRun } from '../../src/run/pinned';
import { readState } from '../../src/run/state';
import { activated, closeEverything, recordingLog, until, webviewTabs, workspaceFile } from './tools';

const { log } = recordingLog();
const project = () => workspaceFile('').fsPath.replace(/[\\/]$/, '');

/** Trains an experiment to its end. */
async function trained(experiment: vscode.Uri): Promise<string> {
  const before = new Set(await listRuns(project()));
  await vscode.commands.executeCommand('emdpo.train', experiment);
  const directory = await until('a run directory', async () =>
    (await listRuns(project())).find((each) => !before.has(each)),
  );
  await until('the end', async () => (await readState(directory)) === 'finished');
  return directory;
}

describe('A finished run', () => {
  let directory = '';
  const list = createRunList(log);

  before(async () => {
    await activated();
    directory = await trained(workspaceFile('quick.emdpo.json'));
  });
  afterEach(closeEverything);
  after(() => {
    list.dispose();
  });

  it('is pinned and unpinned, and lists mark it', async () => {
    const uri = vscode.Uri.file(directory);
    await vscode.commands.executeCommand('emdpo.runs.pin', uri);
    assert.equal(await pinnedRun(project()), directory);
    const run = await list.refreshOne(directory);
    assert.ok(run?.pinned);
    const item = runItem(run);
    assert.equal(item.contextValue, 'finished-pinned');
    assert.match(item.accessibilityInformation?.label ?? '', /baseline/);
    await vscode.commands.executeCommand('emdpo.runs.unpin', uri);
    assert.equal(await pinnedRun(project()), undefined);
    assert.equal((await list.refreshOne(directory))?.pinned, false);
  });

  it('is renamed by a file beside run.json, and gets its first name back', async () => {
    const before = readFileSync(path.join(directory, 'run.json'));
    await rename(list, directory, ' Another name ', 'quick');
    assert.equal(list.get(directory)?.name, 'Another name');
    await vscode.commands.executeCommand('emdpo.runs.open', vscode.Uri.file(directory));
    await until('the title of its panel', () =>
      webviewTabs('emdpo.results').some((t) => t.includes('Another name')),
    );
    await assert.rejects(rename(list, directory, 'two\nlines', 'quick'), /one line/);
    await rename(list, directory, '', 'quick');
    assert.equal(list.get(directory)?.name, 'quick');
    assert.deepEqual(readFileSync(path.join(directory, 'run.json')), before);
  });

  it('is duplicated as an experiment, never over another file, and what is trained says where it came from', async () => {
    const duplicate = async () => {
      await vscode.commands.executeCommand('emdpo.runs.duplicate', vscode.Uri.file(directory));
      const document = vscode.window.activeTextEditor?.document;
      assert.ok(document);
      return document;
    };
    const [first, second] = [await duplicate(), await duplicate()];
    assert.deepEqual(
      [first, second].map(({ uri }) => path.basename(uri.fsPath)),
      // quick.emdpo.json is there already
      ['quick-2.emdpo.json', 'quick-3.emdpo.json'],
    );
    const text = first.getText();
    assert.match(text, /^\/\/ The settings of the run quick\./);
    assert.deepEqual(JSON.parse(text.replace(/^\/\/.*$/gm, '')), {
      parent: path.basename(directory),
      dataset: 'answers.jsonl',
      types: 2,
      policy: 'tabular',
      em: { starts: 2, iterations: 20 },
    });
    const again = await trained(first.uri);
    assert.equal((await readManifest(again))?.parent, path.basename(directory));
    for (const { uri } of [first, second]) await vscode.workspace.fs.delete(uri);
    const handlers = compareHandlers(directory, list, () => undefined);
    const { others } = await handlers.runs({});
    assert.equal(others.find((each) => each.directory === again)?.refused, undefined);
    const { runs, baseline, alignments } = await handlers.compare({ with: [again], baseline: again });
    assert.deepEqual(
      runs.map((run) => run.directory),
      [again, directory],
    );
    assert.equal(baseline, 0);
    assert.equal(alignments[1]?.movedTotal, 0);
    await assert.rejects(handlers.compare({ with: ['/etc'], baseline: '/etc' }), /no run of the workspace/);
    await vscode.commands.executeCommand('emdpo.compareRuns', vscode.Uri.file(directory), [
      vscode.Uri.file(directory),
      vscode.Uri.file(again),
    ]);
    await until('its panel', () => webviewTabs('emdpo.results').length > 0);
  });

  it('is what a command of the list is about, with all that are selected', () => {
    const [one, two] = [{ directory: '/one' }, { directory: '/two' }];
    assert.deepEqual(runsGiven(one, [one, two]), ['/one', '/two']);
    assert.deepEqual(runsGiven(two, [one]), ['/two']);
    assert.deepEqual(runsGiven(one, undefined), ['/one']);
    assert.deepEqual(runsGiven(undefined, undefined), []);
  });

  it('is deleted after asking, to the trash first; not when the answer is no', async () => {
    const asked: string[] = [];
    const closed: string[] = [];
    const panels = { close: (each: string) => closed.push(each) };
    const all = (await listRuns(project())).slice(0, 2);
    const answer = (yes: boolean) => (_: string, runs: readonly { directory: string }[], word: string) => {
      asked.push(`${word} ${runs.length}`);
      return Promise.resolve(yes);
    };
    await deleteRunsAfterAsking(list, panels, all, answer(false));
    assert.deepEqual([asked, all.map((each) => existsSync(each))], [['Move to Trash 2'], [true, true]]);
    await deleteRunsAfterAsking(list, panels, all, answer(true));
    assert.equal(asked[1], 'Move to Trash 2');
    assert.deepEqual(
      all.map((each) => existsSync(each)),
      [false, false],
    );
    assert.deepEqual(closed, all);
    assert.ok(all.every((each) => list.get(each) === undefined));
  });
});
