import type { HostTensors } from '../../compute/graph/program';

/**
 * Where a distilled policy may start: at each type of the mixture, and at the weighted mean of their parameters, which is
 * often nearer, as they were trained from one reference model.
 */
export function startsOf(types: readonly HostTensors[], weights: readonly number[]): HostTensors[] {
  const used = types.filter((_, k) => weights[k] > 0);
  if (used.length === 1) return used;
  const share = weights.filter((w) => w > 0);
  return [...used, meanParameters(used, share)];
}

function meanParameters(policies: readonly HostTensors[], weights: readonly number[]): HostTensors {
  const total = weights.reduce((sum, w) => sum + w, 0);
  return Object.fromEntries(
    Object.entries(policies[0]).map(([name, { shape }]) => {
      const data = Float32Array.from(policies[0][name].data, (_, i) =>
        policies.reduce((sum, policy, k) => sum + (weights[k] / total) * policy[name].data[i], 0),
      );
      return [name, { shape, dtype: 'float32', data }];
    }),
  );
}
