import { policyFromReward, type LogPolicy, type ResponseList } from '../../src/policy/response-policy';
import { random } from '../../src/random';

/** Random prompts with 1 to 5 responses, a random reference, and K policies whose rewards have the given spread. */
export function randomPolicies(seed: number, types: number, prompts: number, spread: number) {
  const draw = random(seed, 1);
  const start = new Uint32Array(prompts + 1);
  for (let x = 0; x < prompts; x++) start[x + 1] = start[x] + 1 + draw.below(5);
  const size = start[prompts];
  const weights = Float64Array.from({ length: size }, () => 0.1 + draw.uniform());
  const logReference = weights.map((w, i) => {
    const x = start.findIndex((from, n) => from <= i && i < start[n + 1]);
    return Math.log(w / weights.subarray(start[x], start[x + 1]).reduce((a, b) => a + b, 0));
  });
  const response = Int32Array.from({ length: size }, (_, i) => i);
  const list: ResponseList = { prompts, start, response, logReference };
  const rewards = Array.from({ length: types }, () =>
    Float64Array.from(response, () => spread * draw.normal()),
  );
  const logPolicies: LogPolicy[] = rewards.map((reward) => policyFromReward(list, reward, 1));
  return { list, rewards, logPolicies };
}
