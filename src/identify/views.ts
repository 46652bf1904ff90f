/** A record seen as a random outcome: how many outcomes it has, for a choice set of this size ranked this deep. */
export function outcomes(size: number, depth: number): number {
  let count = 1;
  for (let place = 0; place < depth; place++) count *= size - place;
  return count;
}

/**
 * Records of one annotator that a mixture of K types needs before they can be three independent views in the sense of
 * Kruskal's theorem, Σ_g min(K, κ_g) ≥ 2K + 2 with κ_g the product of the outcomes in group g (Allman, Matias, Rhodes
 * 2009, Theorem 4). For pairs this is at most 2⌈log₂K⌉ + 1, their Corollary 5, and that number for most K (6 for K = 5).
 *
 * @param kappa outcomes of one record, at least 2
 */
export function viewsNeeded(types: number, kappa: number): number {
  const seen = (records: number) => Math.min(types, kappa ** records);
  for (let total = 3; ; total++) {
    for (let a = 1; 3 * a <= total; a++) {
      for (let b = a; a + 2 * b <= total; b++) {
        if (seen(a) + seen(b) + seen(total - a - b) >= 2 * types + 2) return total;
      }
    }
  }
}
