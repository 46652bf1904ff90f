/**
 * The sizes that batches are padded to, so that few graphs serve all of them: 1, 2, 3, 4, 6, 8, 12, 16, 24 … times
 * `unit`. A size is at most half as large again as what it holds.
 */
export function bucket(size: number, unit = 1): number {
  const units = Math.max(1, Math.ceil(size / unit));
  let power = 1;
  while (power < units) power *= 2;
  const between = (power / 4) * 3;
  return (Number.isInteger(between) && between >= units ? between : power) * unit;
}
