import path from 'node:path';
import type { Command } from 'commander';
import { readNamedResult } from '../run/named-result';
import { RunError } from '../run/run-error';
import { readTypeNames, writeTypeNames } from '../run/type-names';
import { typeLines } from './print-result';
import { UsageError } from './usage-error';

export function addName(program: Command): void {
  program
    .command('name')
    .summary('name the types of a run')
    .description(
      'Name the types of a finished run, and print them. Names are kept beside its result and shown instead of “Type 1” in the panel, reports and tables.',
    )
    .argument('<dir>', 'run directory')
    .argument('[names...]', 'such as 1=terse 2="the full picture"; 1= takes a name away')
    .action(async (given: string, names: string[]) => {
      const directory = path.resolve(given);
      const before = await readNamedResult(directory);
      if (before === undefined) throw new RunError(`${given} has no result yet, so no types to name.`);
      const types = before.types.length;
      if (names.length > 0) {
        const all = [...((await readTypeNames(directory, types)) ?? new Array<null>(types).fill(null))];
        for (const each of names) {
          const [number, name] = assignment(each, types);
          all[number - 1] = name;
        }
        await writeTypeNames(directory, all);
      }
      const result = await readNamedResult(directory);
      process.stdout.write(`${typeLines(result?.types ?? before.types)}\n`);
    });
}

function assignment(text: string, types: number): [number, string] {
  const found = /^(\d+)=(.*)$/s.exec(text);
  const number = Number(found?.[1]);
  if (found === null || number < 1 || number > types) {
    throw new UsageError(`“${text}” names no type: write N=NAME, with N from 1 to ${types}.`);
  }
  return [number, found[2]];
}
