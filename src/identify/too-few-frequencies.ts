import type { Context } from './context';
import { choiceSet } from './choice-set';
import { sizeOf } from './questions';
import { outcomes } from './views';

/** A count that falls short. */
export interface Shortfall {
  readonly questions: number;
  /** Independent frequencies of answers: Σ (outcomes − 1) over different choice sets. */
  readonly frequencies: number;
  /** Free rewards of one type. */
  readonly rewards: number;
}

/**
 * Where every person gave one record, all that can ever be seen is how often each answer is given to each choice set.
 * Fewer such numbers than parameters (shares, and one reward for each response or item up to a constant for each
 * connected part) leave the types undetermined at every point. Undefined where the count does not fall short, or where
 * features could make do with fewer parameters.
 */
export function tooFewFrequencies(context: Context, types: number): Shortfall | undefined {
  const { table, profile, questions, features, connectivity } = context;
  const once = profile.recordsPerPerson.every(([records]) => records === 1);
  if (!once || features || types < 2 || questions.count === 0) return undefined;
  const depth = new Uint16Array(questions.count);
  for (let r = 0; r < table.records; r++) {
    const q = questions.of[r];
    if (q < 0) continue;
    const { from, to, ranked } = choiceSet(table, r);
    depth[q] = Math.max(depth[q], Math.min(ranked, to - from - 1));
  }
  let frequencies = 0;
  for (let q = 0; q < questions.count; q++) frequencies += outcomes(sizeOf(questions, q), depth[q]) - 1;
  const [{ graph, weak }] = connectivity;
  const rewards = graph.nodes - weak.count;
  if (frequencies >= types - 1 + types * rewards) return undefined;
  return { questions: questions.count, frequencies, rewards };
}
