import path from 'node:path';
import type { Command } from 'commander';
import { assignAnnotators } from '../run/assign/assign';
import type { AssignedAnnotator, Assignment } from '../run/assign/assignment';
import { MOST_FURTHER } from '../run/assign/further-records';
import { projectPseudonyms } from '../run/pseudonyms/key';
import { withoutNames } from '../run/pseudonyms/without-names';
import { addDatasetOptions } from './dataset-options';
import type { DatasetFlags } from './dataset-options';
import { PSEUDONYMISE } from './holds';
import { share, wholeNumber } from './parse';
import { oneLine, percent, textTable, wrap } from './terminal';
import { UsageError } from './usage-error';

interface Flags extends DatasetFlags {
  readonly certainty: number;
  readonly seed: number;
  readonly pseudonymise?: true;
  readonly json?: true;
}

export function addAssign(program: Command): void {
  const command = program
    .command('assign')
    .summary('tell which types new annotators are of')
    .description(
      'Tell from a few of their records which of the types of a run new annotators are of, how many more records would make it certain, and what to ask them next. For tabular and log-linear runs.',
    )
    .argument('<dir>', 'run directory')
    .argument('<records>', 'records of the annotators, in any form that datasets have');
  addDatasetOptions(command)
    .option('--certainty <p>', 'probability of a type that counts as certain', share, 0.9)
    .option('--seed <N>', 'of the simulated answers', wholeNumber(0, 4294967295), 1)
    .option('--pseudonymise', PSEUDONYMISE)
    .option('--json', 'print everything as JSON')
    .action(async (directory: string, records: string, flags: Flags) => {
      if (flags.certainty <= 0 || flags.certainty >= 1) {
        throw new UsageError('--certainty must lie between 0 and 1: nobody is ever quite certain.');
      }
      const { form, column: columns, unranked, certainty, seed } = flags;
      const assignment = await assignAnnotators(path.resolve(directory), path.resolve(records), {
        form,
        columns,
        unranked,
        certainty,
        seed,
      });
      const told = flags.pseudonymise ? await hidden(assignment, path.resolve(directory)) : assignment;
      process.stdout.write(flags.json ? JSON.stringify(told, null, 2) + '\n' : inWords(told));
    });
}

/** With the pseudonyms that reports of the run's project have. */
async function hidden(assignment: Assignment, directory: string): Promise<Assignment> {
  const annotators = assignment.annotators.map(({ annotator }) => annotator);
  return withoutNames(assignment, { annotators, pseudonym: await projectPseudonyms(directory) });
}

function inWords(assignment: Assignment): string {
  const { types, certainty, records, responses, notes, annotators } = assignment;
  const unused = Object.values(records.unused).reduce((sum, n) => sum + n, 0);
  const header = ['annotator', 'records', ...types.map(({ name }) => name), `until ${percent(certainty)}`];
  const rows = annotators.map((each) => [
    oneLine(each.annotator, 30),
    String(each.records),
    ...each.posterior.map(percent),
    further(each),
  ]);
  const numeric = header.map((_, j) => j).slice(1);
  return [
    textTable([header, ...rows], numeric),
    '',
    `records: ${records.used} of ${records.read} say something about the types${unused > 0 ? `; ${unused} of the file could not be read` : ''}`,
    `responses: ${responses.unseen} of ${responses.distinct} were not in the run's dataset`,
    ...notes.map((note) => wrap(note, 110, '')),
    ...annotators.slice(0, MOST_ASKED).flatMap(questionLines),
    ...(annotators.length > MOST_ASKED
      ? [`(--json gives the next questions of all ${annotators.length})`]
      : []),
    '',
  ].join('\n');
}

/** Annotators whose next questions are printed. */
const MOST_ASKED = 5;

function further({ furtherRecords }: AssignedAnnotator): string {
  if (furtherRecords === null) return `> ${MOST_FURTHER} more`;
  return furtherRecords === 0 ? 'there' : `${furtherRecords.toFixed(1)} more`;
}

function questionLines({ annotator, nextQuestion }: AssignedAnnotator): string[] {
  if (nextQuestion === null) return [];
  const { prompt, options, places, gain } = nextQuestion;
  const what =
    options.length === 2
      ? 'which of the two is better'
      : places === options.length - 1
        ? `to rank all ${options.length}`
        : places === 1
          ? `for the best of ${options.length}`
          : `for the best ${places} of ${options.length}, in order`;
  return [
    '',
    `ask ${oneLine(annotator, 30)} ${what} (expected to tell ${gain.toFixed(3)} nats)`,
    ...(prompt === undefined ? [] : [`    ${oneLine(prompt, 100)}`]),
    ...options.map((option) => `    - ${oneLine(option, 98)}`),
  ];
}
