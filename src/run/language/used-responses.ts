import type { ResponseList } from '../../policy/response-policy';

/**
 * The responses that a language model was trained on, by prompt, under a uniform reference: a model's own probabilities
 * of whole texts differ mostly by their length, so responses are compared by their implicit rewards alone.
 *
 * @param used response ids, ascending
 */
export function usedResponses(used: Int32Array, promptOf: Int32Array, prompts: number): ResponseList {
  const start = new Uint32Array(prompts + 1);
  for (const y of used) start[promptOf[y] + 1]++;
  for (let x = 0; x < prompts; x++) start[x + 1] += start[x];
  const next = start.slice(0, prompts);
  const response = new Int32Array(used.length);
  for (const y of used) response[next[promptOf[y]]++] = y;
  const logReference = Float64Array.from(response, (y) => {
    const x = promptOf[y];
    return -Math.log(start[x + 1] - start[x]);
  });
  return { prompts, start, response, logReference };
}
