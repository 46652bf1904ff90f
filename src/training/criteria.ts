/** Free parameters of a K-type mixture: K × those of one type, and K − 1 shares. */
export function mixtureParameters(types: number, freeParameters: number): number {
  return types * freeParameters + types - 1;
}

/** BIC = −2LL + p ln N, N the number of annotators (Schwarz 1978). */
export function bic(logLikelihood: number, parameters: number, annotators: number): number {
  return -2 * logLikelihood + parameters * Math.log(annotators);
}

/**
 * ICL = BIC − 2 Σ_h Σ_k γ_hk ln γ_hk (Biernacki, Celeux and Govaert 2000): BIC with a price on unclear assignment.
 *
 * @param totalEntropy −Σ_h Σ_k γ_hk ln γ_hk, in nats
 */
export function icl(bicValue: number, totalEntropy: number): number {
  return bicValue + 2 * totalEntropy;
}

/** −Σ_k γ_k ln γ_k of each row of a row-major table, in nats. */
export function rowEntropies(gamma: Float64Array, types: number): Float64Array {
  const entropy = new Float64Array(gamma.length / types);
  gamma.forEach((g, i) => {
    if (g > 0) entropy[Math.floor(i / types)] -= g * Math.log(g);
  });
  return entropy;
}
