/** Turns log weights into probabilities in place; returns the log of their sum. A row of −∞ becomes uniform. */
export function normaliseLogRow(row: Float64Array): number {
  let largest = -Infinity;
  for (const a of row) if (a > largest) largest = a;
  if (largest === -Infinity) {
    row.fill(1 / row.length);
    return -Infinity;
  }
  let sum = 0;
  for (let k = 0; k < row.length; k++) {
    row[k] = Math.exp(row[k] - largest);
    sum += row[k];
  }
  for (let k = 0; k < row.length; k++) row[k] /= sum;
  return largest + Math.log(sum);
}
