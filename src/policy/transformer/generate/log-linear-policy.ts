import type { Continuation, NextToken } from './next-token';
import { logSumExp } from './sampling';

/**
 * The log-linear policy between types, token by token:
 *
 *     log π(t) = log π_ref(t) + Σ_k a_k (log π_k(t) − log π_ref(t)) − log Z(text so far),   a_k = c_k λ_k.
 *
 * This approximates π_ref Π_k (π_k/π_ref)^{a_k} over whole responses, which would need the Z of every continuation; the
 * two agree where Z is the same whatever was written before, and are the same policy for a = (0, …, 1, …, 0).
 *
 * @param types in the order of `exponents`; a type with exponent 0 is not asked
 */
export function logLinearPolicy(
  reference: NextToken,
  types: readonly NextToken[],
  exponents: readonly number[],
): NextToken {
  const used = types.flatMap((policy, k) => (exponents[k] === 0 ? [] : [{ policy, a: exponents[k] }]));
  const rest = 1 - used.reduce((sum, { a }) => sum + a, 0);
  const parts = [{ policy: reference, a: rest }, ...used];
  return {
    vocabulary: reference.vocabulary,
    positions: Math.min(...parts.map(({ policy }) => policy.positions)),
    bytesPerToken: parts.reduce((sum, { policy }) => sum + policy.bytesPerToken, 0),
    async begin(prompts): Promise<Continuation> {
      const under: { a: number; text: Continuation }[] = [];
      for (const { policy, a } of parts) under.push({ a, text: await policy.begin(prompts) });
      return {
        logits(row) {
          const sum = new Float64Array(reference.vocabulary);
          for (const { a, text } of under) {
            const logits = text.logits(row);
            for (let t = 0; t < sum.length; t++) sum[t] += a * logits[t];
          }
          const logZ = logSumExp(sum);
          return sum.map((value) => value - logZ);
        },
        async append(tokens) {
          for (const { text } of under) await text.append(tokens);
        },
        keep(rows) {
          for (const { text } of under) text.keep(rows);
        },
        async join(more) {
          for (const { text } of under) await text.join(more);
        },
      };
    },
  };
}
