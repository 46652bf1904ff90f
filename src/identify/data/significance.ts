/** Chance that any finding of one test family is a false alarm, over the whole dataset. */
export const FALSE_ALARM = 0.01;

/** The sources of the tests, as findings name them. */
export const TEST_SOURCES = {
  binomial:
    'Exact binomial test; Hoeffding 1956 for choice sets of different sizes; Holm 1979 for several annotators',
  hypergeometric: 'Fisher’s exact test; Holm 1979 for several annotators',
} as const;

/** Below this a further term of a tail no longer changes its sum. */
const NEGLIGIBLE = 1e-17;

/**
 * P(X ≥ k) for X ~ Binomial(n, p). With p the mean of n different probabilities it bounds the tail of their sum from
 * above wherever k ≥ np + 1 (Hoeffding 1956, Theorem 5).
 */
export function binomialTail(k: number, n: number, p: number): number {
  if (k <= 0) return 1;
  if (k > n || p <= 0) return 0;
  if (p >= 1) return 1;
  const log =
    logFactorial(n) - logFactorial(k) - logFactorial(n - k) + k * Math.log(p) + (n - k) * Math.log1p(-p);
  return tail(Math.exp(log), k, n, (x) => ((n - x) * p) / ((x + 1) * (1 - p)));
}

/** P(X ≥ k) when n are drawn without replacement from `total` of which `marked` are marked (Fisher's exact test). */
export function hypergeometricTail(k: number, n: number, marked: number, total: number): number {
  if (k <= Math.max(0, n + marked - total)) return 1;
  const most = Math.min(n, marked);
  if (k > most) return 0;
  const choose = (a: number, b: number) => logFactorial(a) - logFactorial(b) - logFactorial(a - b);
  const log = choose(marked, k) + choose(total - marked, n - k) - choose(total, n);
  return tail(
    Math.exp(log),
    k,
    most,
    (x) => ((marked - x) * (n - x)) / ((x + 1) * (total - marked - n + x + 1)),
  );
}

/** Sums the terms from place k to `most`, of which the first is given and `ratio(x)` leads from term x to x + 1. */
function tail(first: number, k: number, most: number, ratio: (x: number) => number): number {
  let term = first;
  let sum = first;
  for (let x = k; x < most; x++) {
    const step = ratio(x);
    term *= step;
    sum += term;
    if (step < 1 && term < NEGLIGIBLE * sum) break;
  }
  return Math.min(1, sum);
}

/**
 * Which of several tests reject so that the chance of any false rejection is at most `rate` (Holm 1979).
 *
 * @returns their indices, in ascending order
 */
export function holm(pValues: readonly number[], rate = FALSE_ALARM): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a] - pValues[b] || a - b);
  let rejected = 0;
  while (rejected < order.length && pValues[order[rejected]] <= rate / (order.length - rejected)) rejected++;
  return order.slice(0, rejected).sort((a, b) => a - b);
}

const LOG_FACTORIALS = [0];
for (let n = 1; n < 32; n++) LOG_FACTORIALS.push(LOG_FACTORIALS[n - 1] + Math.log(n));

/** log n!, by Stirling's series from 32 on, where its error is below rounding. */
function logFactorial(n: number): number {
  if (n < 32) return LOG_FACTORIALS[n];
  const series = 1 / (12 * n) - 1 / (360 * n ** 3) + 1 / (1260 * n ** 5);
  return n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + series;
}

/** A chance as a person reads it. */
export function chance(p: number): string {
  if (p < 1e-12) return 'less than 1 in a million million';
  return p < 0.001
    ? `1 in ${new Intl.NumberFormat('en').format(Number((1 / p).toPrecision(2)))}`
    : p.toPrecision(2);
}
