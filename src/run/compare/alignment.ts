import { adjustedRand, bestMatching, hardLabels } from '../../training/labels';
import type { Alignment, Move } from '../../protocol/comparison';
import type { ComparedRun } from './compared-run';

/** Types are matched one to one so that Σ_h γ_hk γ′_hk′ over common annotators is largest. */
export function alignTypes(baseline: ComparedRun, run: ComparedRun): Alignment {
  const [a, b] = [baseline.posterior, run.posterior];
  const rowOf = new Map(b.annotators.map((name, row) => [name, row]));
  const common = a.annotators.flatMap((name, i) => {
    const j = rowOf.get(name);
    return j === undefined ? [] : [{ name, from: i * a.types, to: j * b.types }];
  });
  const together = Array.from({ length: a.types }, () => new Array<number>(b.types).fill(0));
  const mass = new Array<number>(a.types).fill(0);
  for (const { from, to } of common) {
    for (let k = 0; k < a.types; k++) {
      mass[k] += a.gamma[from + k];
      for (let l = 0; l < b.types; l++) together[k][l] += a.gamma[from + k] * b.gamma[to + l];
    }
  }
  const matching = bestMatching(together);
  const gammaA = Float64Array.from(common.flatMap(({ from }) => a.gamma.slice(from, from + a.types)));
  const gammaB = Float64Array.from(common.flatMap(({ to }) => b.gamma.slice(to, to + b.types)));
  const labelsA = hardLabels(gammaA, a.types);
  const labelsB = hardLabels(gammaB, b.types);
  const flow = Array.from({ length: a.types }, () => new Array<number>(b.types).fill(0));
  common.forEach((_, i) => flow[labelsA[i]][labelsB[i]]++);
  const moved = common.flatMap(({ name, from, to }, i): Move[] => {
    if (matching[labelsA[i]] === labelsB[i]) return [];
    let same = 0;
    matching.forEach((l, k) => (same += l < 0 ? 0 : Math.min(a.gamma[from + k], b.gamma[to + l])));
    return [{ annotator: name, from: labelsA[i] + 1, to: labelsB[i] + 1, distance: 1 - same }];
  });
  return {
    types: matching.map((l, k) => ({
      baseline: k + 1,
      type: l < 0 ? null : l + 1,
      baselineShare: baseline.result.types[k].share,
      share: l < 0 ? null : run.result.types[l].share,
      baselineShareInterval: baseline.result.stability?.bootstrap?.shares[k],
      shareInterval: run.result.stability?.bootstrap?.shares.at(l < 0 ? Infinity : l),
      kept: l < 0 || mass[k] === 0 ? 0 : together[k][l] / mass[k],
    })),
    extra: run.result.types.flatMap(({ share }, l) => (matching.includes(l) ? [] : [{ type: l + 1, share }])),
    annotators: common.length,
    flow,
    adjustedRand: adjustedRand(labelsA, labelsB),
    moved: moved.sort((x, y) => y.distance - x.distance),
    movedTotal: moved.length,
  };
}
