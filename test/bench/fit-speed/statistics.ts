/** The value below which a share q of them lies, between neighbours in proportion. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const low = sorted[Math.floor(at)];
  return low + (sorted[Math.ceil(at)] - low) * (at % 1);
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
export const least = (values: readonly number[]): number => Math.min(...values);

/** Slope of log y by log x: 1 where cost grows as the size does. */
export function growth(sizes: readonly number[], costs: readonly number[]): number {
  const x = sizes.map(Math.log);
  const y = costs.map(Math.log);
  const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const along = x.reduce((sum, v, i) => sum + (v - mx) * (y[i] - my), 0);
  return along / x.reduce((sum, v) => sum + (v - mx) ** 2, 0);
}
