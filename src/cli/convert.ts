import { existsSync } from 'node:fs';
import path from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import { convertTable, TARGETS, targetOf, type Target } from '../dataset/convert/convert';
import { NotPreflib } from '../dataset/convert/preflib';
import { readDataset } from '../dataset/read';
import type { RankingTable } from '../dataset/table';
import { readExperiment } from '../run/experiment';
import { projectPseudonyms } from '../run/pseudonyms/key';
import { cannotWrite } from '../run/run-error';
import { addDatasetOptions, datasetPart, type DatasetFlags } from './dataset-options';
import { EXIT } from './exit-code';
import { holds, holdsLine, PSEUDONYMISE } from './holds';
import { stopSignals } from './stop-signals';
import { UsageError } from './usage-error';

interface Flags extends DatasetFlags {
  readonly to?: Target;
  readonly pseudonymise?: true;
  readonly json?: true;
}

export function addConvert(program: Command): void {
  const command = program
    .command('convert')
    .summary('write a dataset in another form')
    .description(
      'Read a dataset in any form and write it as canonical JSON lines, for TRL, for PrefLib or as Parquet. What the new form cannot hold is counted and said.',
    )
    .argument('<file>', 'ranking file, folder of such files, or *.emdpo.json')
    .argument('<out>', 'file to write; must not exist')
    .addOption(
      new Option('--to <form>', 'form to write; by the ending of <out> where absent').choices(TARGETS),
    );
  addDatasetOptions(command)
    .option('--pseudonymise', PSEUDONYMISE)
    .option('--json', 'print what was written as JSON')
    .action(async (file: string, out: string, flags: Flags) => {
      const stop = stopSignals();
      try {
        process.exitCode = await convert(file, out, flags, stop.signal);
      } catch (error) {
        if (error instanceof NotPreflib) throw new UsageError(error.message);
        if (!stop.signal.aborted) throw error;
        process.stderr.write('emdpo: Stopped. Nothing was written.\n');
        process.exitCode = stop.exitCode();
      } finally {
        stop.dispose();
      }
    });
}

async function convert(file: string, out: string, flags: Flags, signal: AbortSignal): Promise<number> {
  const target = flags.to ?? targetOf(out);
  if (!target)
    throw new UsageError(`The ending of ${out} names no form. Say one with --to: ${TARGETS.join(', ')}.`);
  if (existsSync(out)) throw new UsageError(`${out} exists already. Name a new file.`);
  const { dataset } = await readExperiment(file, { dataset: datasetPart(flags) });
  const { table, findings } = await readDataset(dataset.path, { ...dataset, signal });
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (table.records === 0) {
    process.stderr.write(`emdpo: ${file} holds no record that can be used. ${errors.at(0)?.message ?? ''}\n`);
    return EXIT.failed;
  }
  signal.throwIfAborted();
  const { pseudonymise } = flags;
  const told = pseudonymise ? await hidden(table, dataset.path) : table;
  const converted = await convertTable(told, path.resolve(out), target).catch((error: unknown) => {
    throw error instanceof NotPreflib ? error : cannotWrite(out, error);
  });
  const { unused } = table.summary;
  if (flags.json)
    process.stdout.write(
      `${JSON.stringify({ ...converted, unused, holds: holds(pseudonymise) }, null, 2)}\n`,
    );
  else {
    const what = target === 'trl' ? 'pairs' : 'records';
    const lines = [
      `Wrote ${converted.records} ${what} to ${out} (${target}).`,
      ...converted.lost,
      ...Object.entries(unused).map(([code, count]) => `Not used of ${file}: ${count} (${code}).`),
    ];
    if (pseudonymise) lines.push(holdsLine('It holds', pseudonymise));
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  return errors.length > 0 ? EXIT.failed : EXIT.fine;
}

/** A table whose annotators have the pseudonyms that reports of the dataset's project have. */
async function hidden(table: RankingTable, file: string): Promise<RankingTable> {
  const pseudonym = await projectPseudonyms(path.dirname(file));
  const names = table.annotators;
  return { ...table, annotators: { size: names.size, text: (id) => pseudonym(names.text(id)) } };
}
