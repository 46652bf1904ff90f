import type { Random } from '../../../random';

/** How the next token is drawn. */
export interface Sampling {
  /** Divides the logits; 0 takes the most probable token, the first of equals. */
  readonly temperature: number;
  /** Only the most probable tokens that hold this much probability together are drawn from; 1 is all. */
  readonly topP: number;
}

export type Logits = Float32Array | Float64Array;

/** @throws RangeError with a sentence for the person */
export function checkSampling({ temperature, topP }: Sampling): void {
  if (!(Number.isFinite(temperature) && temperature >= 0)) {
    throw new RangeError(`The temperature must be a number of at least 0, not ${temperature}.`);
  }
  if (!(topP > 0 && topP <= 1)) {
    throw new RangeError(`top-p must be greater than 0 and at most 1, not ${topP}.`);
  }
}

/** log Σ exp, in f64. @throws Error when the logits are not numbers */
export function logSumExp(logits: Logits): number {
  let largest = -Infinity;
  for (const value of logits) if (value > largest) largest = value;
  let sum = 0;
  for (const value of logits) sum += Math.exp(value - largest);
  // NaN makes the sum NaN, and so does a row without any finite logit
  if (!Number.isFinite(sum)) {
    throw new Error(
      'The model gave logits that are not finite numbers. Its weights are damaged or diverged in training.',
    );
  }
  return largest + Math.log(sum);
}

/**
 * Draws a token with one uniform number, in f64. With `topP` below 1 from the smallest set of most probable tokens that
 * holds at least that much probability at this temperature (Holtzman et al. 2020).
 */
export function drawToken(logits: Logits, { temperature, topP }: Sampling, random: Random): number {
  if (temperature === 0) return largest(logits);
  const tempered = Float64Array.from(logits, (value) => value / temperature);
  const total = logSumExp(tempered);
  const probability = tempered.map((value) => Math.exp(value - total));
  const u = random.uniform();
  if (topP === 1) return invert(probability, u);
  const tokens = nucleus(probability, topP);
  return tokens[
    invert(
      Float64Array.from(tokens, (token) => probability[token]),
      u,
    )
  ];
}

/** The index at which the running sum passes u of the total. */
function invert(weights: Float64Array, u: number): number {
  let left = u * weights.reduce((sum, w) => sum + w, 0);
  for (let i = 0; i < weights.length; i++) {
    left -= weights[i];
    if (left < 0) return i;
  }
  return largest(weights);
}

/** Token ids by falling probability, as many as hold `topP`. */
function nucleus(probability: Float64Array, topP: number): number[] {
  // Those below this threshold hold less than 1 − topP together, so that none of them is needed: a short list to sort.
  const threshold = (1 - topP) / probability.length;
  const likely: number[] = [];
  probability.forEach((p, token) => {
    if (p >= threshold) likely.push(token);
  });
  likely.sort((a, b) => probability[b] - probability[a] || a - b);
  let held = 0;
  const count = likely.findIndex((token) => (held += probability[token]) >= topP);
  return count < 0 ? likely : likely.slice(0, count + 1);
}

function largest(values: Logits): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
