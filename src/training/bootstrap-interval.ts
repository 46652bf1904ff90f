/**
 * Value below which a share p of the distribution lies that the sample was drawn from: linear between order statistics
 * at i/(n + 1) (Hyndman and Fan 1996, type 6); the extremes beyond the outermost.
 *
 * @param sorted ascending, at least one
 */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  const at = Math.min(Math.max(p * (sorted.length + 1) - 1, 0), sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

/** Replicates that lie further than so many standard deviations to one side say more of a bad fit than of its bias. */
const MOST_BIAS = 1;

/**
 * Bias-corrected percentile interval of bootstrap replicates (Efron 1981): quantiles of the replicates, moved by how far
 * the estimate is from their median. The largest of several regrets is larger in a resample than in the data, and the
 * correction takes that back. It stays inside the range of what it is about, and is the same whatever the scale.
 *
 * @param replicates at least one
 * @param level such as 0.9
 */
export function bootstrapInterval(
  replicates: ArrayLike<number>,
  estimate: number,
  level: number,
): readonly [number, number] {
  const sorted = Float64Array.from(replicates).sort();
  const below = sorted.reduce((n, v) => n + (v < estimate ? 1 : v === estimate ? 0.5 : 0), 0);
  const bias = Math.min(MOST_BIAS, Math.max(-MOST_BIAS, normalQuantile(below / sorted.length)));
  const reach = normalQuantile((1 + level) / 2);
  return [quantile(sorted, normalBelow(2 * bias - reach)), quantile(sorted, normalBelow(2 * bias + reach))];
}

/** Φ, to 1e-7 (Abramowitz and Stegun 1964, 7.1.26). */
function normalBelow(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = (series * Math.exp(-x * x)) / 2;
  return z > 0 ? 1 - tail : tail;
}

/** Φ⁻¹ by bisection; ±8 for 0 and 1. */
function normalQuantile(p: number): number {
  let low = -8;
  let high = 8;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (normalBelow(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
