import type { Random } from '../../random';
import { normaliseLogRow } from '../../compute/log-row';
import type { Question } from './questions';

/** Futures that are simulated, and records after which one is given up. */
const FUTURES = 100;
export const MOST_FURTHER = 200;

/**
 * How many more records, of the kind that the run's dataset holds, until one type has a posterior of `certainty`: the
 * mean over simulated futures, in each of which the annotator is of a type drawn from the posterior.
 *
 * @param gamma posterior so far
 * @returns undefined where more than one future in twenty is not certain after MOST_FURTHER records
 */
export function furtherRecords(
  questions: readonly Question[],
  gamma: ArrayLike<number>,
  certainty: number,
  source: Random,
): number | undefined {
  const types = gamma.length;
  if (Math.max(...Array.from(gamma)) >= certainty) return 0;
  const asked = cumulated(questions);
  const row = new Float64Array(types);
  const posterior = new Float64Array(types);
  let records = 0;
  let givenUp = 0;
  for (let future = 0; future < FUTURES; future++) {
    const type = source.choice(gamma);
    for (let k = 0; k < types; k++) row[k] = Math.log(gamma[k]);
    let n = 0;
    do {
      const { logProbability, weight } = questions[drawn(asked, source)];
      const at = types * drawAnswer(weight, types, type, source);
      for (let k = 0; k < types; k++) row[k] += logProbability[at + k];
      posterior.set(row);
      normaliseLogRow(posterior);
      n++;
    } while (n < MOST_FURTHER && Math.max(...posterior) < certainty);
    if (Math.max(...posterior) < certainty) givenUp++;
    records += n;
  }
  return givenUp > FUTURES / 20 ? undefined : records / FUTURES;
}

function cumulated(questions: readonly Question[]): Float64Array {
  let sum = 0;
  return Float64Array.from(questions, ({ asked }) => (sum += asked));
}

/** Index of the first sum beyond a uniform draw. */
function drawn(sums: Float64Array, source: Random): number {
  const at = source.uniform() * sums[sums.length - 1];
  let from = 0;
  let to = sums.length - 1;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sums[middle] > at) to = middle;
    else from = middle + 1;
  }
  return from;
}

function drawAnswer(weight: Float64Array, types: number, type: number, source: Random): number {
  let left = source.uniform();
  const outcomes = weight.length / types;
  for (let o = 0; o < outcomes - 1; o++) {
    left -= weight[o * types + type];
    if (left < 0) return o;
  }
  return outcomes - 1;
}
