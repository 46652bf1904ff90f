import type { RunResult } from '../protocol/result';
import { readResult } from './result';
import { readTypeNames, type TypeNames } from './type-names';

/**
 * The result of a run, its types called what a person has named them.
 *
 * @returns undefined while the run has none
 * @throws RunError where result.json or names.json is damaged
 */
export async function readNamedResult(directory: string): Promise<RunResult | undefined> {
  const result = await readResult(directory);
  if (result === undefined) return undefined;
  return withTypeNames(result, await readTypeNames(directory, result.types.length));
}

/** The same result with names instead of `Type 1`, wherever it speaks of its own types. */
export function withTypeNames(result: RunResult, names: TypeNames | undefined): RunResult {
  if (names === undefined) return result;
  const called = (name: string) => names[numberIn(name) - 1] ?? name;
  const { types, candidates, comparison, alarms, stability, known } = result;
  return {
    ...result,
    types: types.map((type, k) => ({ ...type, name: names[k] ?? type.name })),
    candidates: candidates.map((each) =>
      each.kind === 'type' ? { ...each, name: called(each.name) } : each,
    ),
    ...(comparison && {
      comparison: {
        ...comparison,
        // by another yardstick, and where the dataset names types, these are names of the data
        types: comparison.yardstick === 'fitted' ? comparison.types.map(called) : comparison.types,
        groups: known ? comparison.groups : comparison.groups.map(called),
      },
    }),
    ...(stability?.bootstrap && {
      stability: {
        ...stability,
        bootstrap: {
          ...stability.bootstrap,
          candidates: stability.bootstrap.candidates.map((each, i) =>
            candidates[i]?.kind === 'type' ? { ...each, name: called(each.name) } : each,
          ),
        },
      },
    }),
    alarms: alarms.map((alarm) => ({ ...alarm, message: renamed(alarm.message, names) })),
  };
}

/** Of `Type 2`, 2; NaN of anything else. */
const numberIn = (name: string) => Number(/^Type (\d+)$/.exec(name)?.[1]);

/** A sentence of the program; what it quotes is somebody's data and stays. */
function renamed(sentence: string, names: TypeNames): string {
  return sentence.replace(/“[^”]*”|\bType (\d+)\b/g, (whole, number: string | undefined) =>
    number === undefined ? whole : (names[Number(number) - 1] ?? whole),
  );
}
