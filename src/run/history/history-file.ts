import * as v from 'valibot';
import type { IterationHistory } from '../../protocol/history';
import { writeAtomic } from '../atomic';
import { check, readChecked } from '../checked';
import type { Shape } from '../checked';
import { RunError } from '../run-error';
import { runFile } from '../run-files';

const numbers = v.array(v.number());

const shape: Shape<IterationHistory> = v.looseObject({
  step: v.picklist(['iteration', 'round']),
  types: v.number(),
  start: v.number(),
  kept: v.number(),
  annotators: v.number(),
  entries: v.array(
    v.looseObject({
      iteration: v.number(),
      logLikelihood: v.number(),
      shares: numbers,
      moved: v.nullable(v.number()),
      assignments: v.pipe(v.string(), v.base64()),
      regret: v.optional(v.looseObject({ matrix: v.array(numbers), weights: numbers, value: v.number() })),
    }),
  ),
});

/** Writes iterations.json, an entry a line, after making sure that it can be read again. */
export async function writeHistory(directory: string, history: IterationHistory): Promise<void> {
  const { entries, ...about } = history;
  check(shape, JSON.parse(JSON.stringify(history)), 'What was kept of the iterations');
  const head = JSON.stringify({ schema: 1, ...about }).slice(0, -1);
  const lines = entries.map((entry) => JSON.stringify(entry)).join(',\n');
  await writeAtomic(runFile(directory, 'iterations'), `${head},"entries":[\n${lines}\n]}\n`);
}

/**
 * @param limit how many annotators are kept, the first ones; `annotators` tells how many there are
 * @returns undefined where the run keeps none: it has one type, is not finished, or was made by an earlier version
 * @throws RunError when iterations.json is damaged
 */
export async function readHistory(
  directory: string,
  limit = Infinity,
): Promise<IterationHistory | undefined> {
  const file = runFile(directory, 'iterations');
  const history = await readChecked(file, shape);
  if (!history) return undefined;
  const { annotators, types } = history;
  const entries = history.entries.map((entry) => {
    const labels = Buffer.from(entry.assignments, 'base64');
    if (labels.length !== annotators || labels.some((label) => label >= types)) {
      throw new RunError(
        `${file} is damaged: iteration ${entry.iteration} does not assign ${annotators} annotators to ${types} types.`,
      );
    }
    if (annotators <= limit) return entry;
    return { ...entry, assignments: labels.subarray(0, limit).toString('base64') };
  });
  return { ...history, entries };
}
