/**
 * Log-likelihood of one ranking under Plackett–Luce, ties averaged over the orders they allow.
 *
 * Each level G of tied options (a single option as a rule) is taken before the rest R, which is all that stands below:
 * log 1/|G|! Σ_orders Π_j exp u_j / (Σ_{i ∈ G not yet taken} exp u_i + Σ_{i ∈ R} exp u_i).
 * The sum over orders is a recursion over the subsets of G, so that a tie of t costs 2^t · t².
 *
 * @param utility u by option of the choice set
 * @param ranking positions in `utility`, best first, ties nested; those left out were offered but not ranked
 * @returns nats, at most 0
 */
export function rankingLogLikelihood(
  utility: readonly number[],
  ranking: readonly (number | readonly number[])[],
): number {
  const below = new Set(utility.keys());
  let sum = 0;
  for (const level of ranking) {
    const tied = typeof level === 'number' ? [level] : level;
    for (const option of tied) below.delete(option);
    sum += levelLogLikelihood(
      tied.map((option) => utility[option]),
      logSumExp([...below].map((option) => utility[option])),
    );
  }
  return sum;
}

function levelLogLikelihood(tied: readonly number[], logRest: number): number {
  const t = tied.length;
  // logTaken[S]: log-probability that the options of the bit set S, in whatever order, are taken first
  const logTaken = new Float64Array(2 ** t).fill(-Infinity);
  logTaken[0] = 0;
  for (let set = 0; set < logTaken.length - 1; set++) {
    const left = tied.flatMap((u, i) => (set & (1 << i) ? [] : [{ u, bit: 1 << i }]));
    const logAll = logSumExp([logRest, ...left.map(({ u }) => u)]);
    for (const { u, bit } of left) {
      logTaken[set | bit] = logSumExp([logTaken[set | bit], logTaken[set] + u - logAll]);
    }
  }
  let logOrders = 0;
  for (let i = 2; i <= t; i++) logOrders += Math.log(i);
  return logTaken[logTaken.length - 1] - logOrders;
}

/** log Σ exp, −∞ of nothing. */
export function logSumExp(values: readonly number[]): number {
  const largest = Math.max(-Infinity, ...values);
  if (largest === -Infinity) return -Infinity;
  return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}
