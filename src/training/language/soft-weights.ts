/**
 * Weights of the types before each token of a response: a mixture of policies over whole responses, Σ_k w_k π_k(y|x), is
 * the autoregressive policy whose next token follows Σ_k w_k(x, y_<t) π_k(·|x, y_<t) with
 *
 *     w_k(x, y_<t) ∝ w_k Π_{s<t} π_k(y_s | x, y_<s),
 *
 * the posterior of the type that is answering, given what it has written.
 *
 * @param tokens by type: log π_k of each token of the response, in nats
 * @param weights w, by type
 * @returns [tokens, types], row-major; every row adds up to 1
 */
export function weightsBeforeTokens(
  tokens: readonly ArrayLike<number>[],
  weights: readonly number[],
): Float64Array {
  const types = weights.length;
  const length = tokens[0].length;
  const out = new Float64Array(length * types);
  const joint = weights.map(Math.log);
  for (let t = 0; t < length; t++) {
    const largest = Math.max(...joint);
    let sum = 0;
    for (const each of joint) sum += Math.exp(each - largest);
    for (let k = 0; k < types; k++) {
      out[t * types + k] = Math.exp(joint[k] - largest) / sum;
      joint[k] += tokens[k][t];
    }
  }
  return out;
}
