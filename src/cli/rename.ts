import path from 'node:path';
import type { Command } from 'commander';
import { readLabel, renameRun } from '../run/label';
import { readManifest } from '../run/manifest';
import { RunError } from '../run/run-error';

export function addRename(program: Command): void {
  program
    .command('rename')
    .summary('call a run something else')
    .description(
      'Give a run another name in lists, panels and reports. Its directory and run.json stay as they are. Without a name it gets the one back that it was started with.',
    )
    .argument('<dir>', 'run directory')
    .argument('[name]', 'the new name')
    .action(async (directory: string, name: string | undefined) => {
      const run = path.resolve(directory);
      const manifest = await readManifest(run);
      if (manifest === undefined) throw new RunError(`${directory} is no run directory: it has no run.json.`);
      await renameRun(run, name);
      process.stdout.write(`name: ${(await readLabel(run)) ?? manifest.name}\n`);
    });
}
