/**
 * Adjusted Rand index of two labellings (Hubert and Arabie 1985): 1 for equal partitions, 0 on average for
 * independent ones.
 *
 * @param weight of each labelled unit
 */
export function adjustedRand(a: ArrayLike<number>, b: ArrayLike<number>, weight?: ArrayLike<number>): number {
  const cells = new Map<string, number>();
  const rows = new Map<number, number>();
  const columns = new Map<number, number>();
  let total = 0;
  for (let i = 0; i < a.length; i++) {
    const w = weight ? weight[i] : 1;
    total += w;
    cells.set(`${a[i]} ${b[i]}`, (cells.get(`${a[i]} ${b[i]}`) ?? 0) + w);
    rows.set(a[i], (rows.get(a[i]) ?? 0) + w);
    columns.set(b[i], (columns.get(b[i]) ?? 0) + w);
  }
  const pairs = (values: Iterable<number>): number => {
    let sum = 0;
    for (const n of values) sum += (n * (n - 1)) / 2;
    return sum;
  };
  const inRows = pairs(rows.values());
  const inColumns = pairs(columns.values());
  const all = pairs([total]);
  const expected = all > 0 ? (inRows * inColumns) / all : 0;
  const most = (inRows + inColumns) / 2;
  return most === expected ? 1 : (pairs(cells.values()) - expected) / (most - expected);
}

/** Index of the largest entry in each row of a row-major table; the first where several are largest. */
export function hardLabels(gamma: Float64Array, types: number): Int32Array {
  const labels = new Int32Array(gamma.length / types);
  for (let i = 0; i < labels.length; i++) {
    for (let k = 1; k < types; k++) {
      if (gamma[i * types + k] > gamma[i * types + labels[i]]) labels[i] = k;
    }
  }
  return labels;
}

/**
 * The one-to-one matching of rows to columns with the largest total, by dynamic programming over sets of columns
 * (at most 20 columns).
 *
 * @param value rows × columns
 * @returns column of each row, −1 for a row left over
 */
export function bestMatching(value: readonly (readonly number[])[]): number[] {
  const rows = value.length;
  const columns = rows > 0 ? value[0].length : 0;
  if (columns > 20) throw new Error('Matching is for at most 20 types.');
  const sets = 1 << columns;
  // best[i][set]: largest total when rows i … may use the columns outside `set`
  const best: Float64Array[] = Array.from({ length: rows + 1 }, () => new Float64Array(sets));
  for (let i = rows - 1; i >= 0; i--) {
    for (let set = 0; set < sets; set++) {
      let most = best[i + 1][set];
      for (let c = 0; c < columns; c++) {
        if (!(set & (1 << c))) most = Math.max(most, value[i][c] + best[i + 1][set | (1 << c)]);
      }
      best[i][set] = most;
    }
  }
  const matching: number[] = [];
  let set = 0;
  for (let i = 0; i < rows; i++) {
    let chosen = -1;
    for (let c = 0; c < columns && chosen < 0; c++) {
      if (!(set & (1 << c)) && value[i][c] + best[i + 1][set | (1 << c)] === best[i][set]) chosen = c;
    }
    if (chosen >= 0) set |= 1 << chosen;
    matching.push(chosen);
  }
  return matching;
}
