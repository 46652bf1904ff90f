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

/**
 * Percentile interval of bootstrap replicates (Efron 1979): it stays inside the range of what it is about, shares and
 * weights in [0, 1], and is the same whatever the scale.
 *
 * @param replicates at least one
 * @param level such as 0.9
 */
export function percentileInterval(replicates: ArrayLike<number>, level: number): readonly [number, number] {
  const sorted = Float64Array.from(replicates).sort();
  return [quantile(sorted, (1 - level) / 2), quantile(sorted, (1 + level) / 2)];
}
