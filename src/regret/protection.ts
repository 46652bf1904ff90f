/**
 * Protection weights c_k, one per type: a type with c = 2 counts each nat of its regret twice.
 *
 * @param given as the experiment states them, largest share first; missing entries are 1
 * @throws RangeError with a sentence for the person when there are too many or one is not a number ≥ 0
 */
export function protectionWeights(given: readonly number[], types: number): number[] {
  if (given.length > types) {
    throw new RangeError(
      `aggregate.protection has ${given.length} weights but there are ${types} types. ` +
        `Give at most one weight a type, largest share first.`,
    );
  }
  given.forEach((c, k) => {
    if (!(Number.isFinite(c) && c >= 0)) {
      throw new RangeError(
        `aggregate.protection: the weight of type ${k + 1} is ${c}. Give a number that is 0 or larger; 1 is neutral.`,
      );
    }
  });
  return Array.from({ length: types }, (_, k) => given[k] ?? 1);
}
