import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import type { GenerateFlags } from './generate-answers';
import { nonNegative, share, wholeNumber } from './parse';

export function addGenerate(program: Command): void {
  program
    .command('generate')
    .summary('answer a prompt with the policies of a run')
    .description(
      "Answer a prompt with one of a run's language models. What it writes is streamed as it comes.",
    )
    .argument('<run>', 'run directory')
    .requiredOption('--prompt <text>', 'what to answer; - reads standard input')
    .option(
      '--policy <name>',
      'type1, type2, …, plain-dpo, mixture, loglinear, distilled or reference (the one that the run recommends)',
    )
    .addOption(
      new Option('--policies <names>', 'several of them, separated by commas; or all')
        .argParser(names)
        .conflicts('policy'),
    )
    .option(
      '--temperature <T>',
      'divides the logits; 0 always takes the likeliest token (as in the run)',
      nonNegative,
    )
    .option(
      '--top-p <p>',
      'draw from the likeliest tokens that hold this probability together (as in the run)',
      share,
    )
    .option('--seed <N>', 'the same seed gives the same answer', wholeNumber(0, 4294967295), 1)
    .option('--max-tokens <N>', 'longest answer in tokens (as in the run)', wholeNumber(1))
    .option('--stop <text>', 'ends the answer; may be repeated', repeated)
    .option('--n <N>', 'answers', wholeNumber(1, 10000), 1)
    .option('--device <id>', 'device that emdpo devices lists, or auto', 'onnxruntime/cpu')
    .option('--threads <N>', 'threads on the processor; 0 is all', wholeNumber(0), 0)
    .option('--json', 'print one JSON object when all answers are there')
    .addOption(
      new Option('--json-lines', 'print a line of JSON for each piece of text as it comes').conflicts('json'),
    )
    .action(async (directory: string, flags: GenerateFlags) => {
      // language models load much that other commands do without
      const { generateAnswers } = await import('./generate-answers');
      await generateAnswers(directory, flags);
    });
}

function repeated(text: string, before: readonly string[] = []): string[] {
  if (text === '') throw new InvalidArgumentError('It must not be empty.');
  return [...before, text];
}

function names(text: string): string[] {
  const given = text.split(',').map((name) => name.trim());
  if (given.includes('')) throw new InvalidArgumentError('Separate the names by single commas.');
  return [...new Set(given)];
}
