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

/** A token, and its log-probability under the policy itself: at temperature 1, over all tokens. */
export interface Drawn {
  readonly token: number;
  readonly logProbability: number;
}

/**
 * Draws tokens in f64, each with one uniform number. With `topP` below 1 from the smallest set of most probable tokens
 * that holds at least that much probability at this temperature (Holtzman et al. 2020).
 */
export function tokenSampler({ temperature, topP }: Sampling): (logits: Logits, random: Random) => Drawn {
  let weight = new Float64Array(0);
  return (logits, random) => {
    const best = largest(logits);
    const total = sumOfExp(logits, logits[best]);
    const drawn = (token: number): Drawn => ({
      token,
      logProbability: logits[token] - logits[best] - Math.log(total),
    });
    if (temperature === 0) return drawn(best);
    if (weight.length !== logits.length) weight = new Float64Array(logits.length);
    let sum = 0;
    for (let t = 0; t < weight.length; t++) {
      weight[t] = Math.exp((logits[t] - logits[best]) / temperature);
      sum += weight[t];
    }
    const u = random.uniform();
    if (topP === 1) return drawn(invert(weight, u * sum) ?? best);
    const tokens = nucleus(weight, topP, sum);
    const inside = Float64Array.from(tokens, (token) => weight[token]);
    const held = inside.reduce((a, b) => a + b, 0);
    return drawn(tokens[invert(inside, u * held) ?? 0]);
  };
}

/** log Σ exp, in f64. @throws Error when the logits are not numbers */
export function logSumExp(logits: Logits): number {
  const most = logits[largest(logits)];
  return most + Math.log(sumOfExp(logits, most));
}

/** Σ exp(logit − most) */
function sumOfExp(logits: Logits, most: number): number {
  let sum = 0;
  for (let t = 0; t < logits.length; t++) sum += Math.exp(logits[t] - most);
  // NaN makes the sum NaN, and so does a row without any finite logit
  if (!Number.isFinite(sum)) {
    throw new Error(
      'The model gave logits that are not finite numbers. Its weights are damaged or diverged in training.',
    );
  }
  return sum;
}

/** The index at which the running sum passes `target`; none where rounding lets it pass all. */
function invert(weights: Float64Array, target: number): number | undefined {
  let left = target;
  for (let i = 0; i < weights.length; i++) {
    left -= weights[i];
    if (left < 0) return i;
  }
  return undefined;
}

/** Token ids by falling weight, as many as hold `topP` of the sum. */
function nucleus(weight: Float64Array, topP: number, sum: number): number[] {
  // Those below this threshold hold less than 1 − topP together, so that none of them is needed: a short list to sort.
  const threshold = ((1 - topP) * sum) / weight.length;
  const likely: number[] = [];
  for (let t = 0; t < weight.length; t++) if (weight[t] >= threshold) likely.push(t);
  likely.sort((a, b) => weight[b] - weight[a] || a - b);
  let held = 0;
  const count = likely.findIndex((token) => (held += weight[token]) >= topP * sum);
  return count < 0 ? likely : likely.slice(0, count + 1);
}

function largest(values: Logits): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
