import { learnerAt } from '../../../src/training/language/learner';
import { batchPlan, trainPasses, type StepReport } from '../../../src/training/language/passes';
import type { HostTensors } from '../../../src/compute/graph/program';
import type { Workbench } from '../../../src/training/language/workbench';
import { optimizer, type Spec } from './spec';

/**
 * Training itself, made to wait before each step until it is asked to go on.
 *
 * @param stream tells apart the shuffles of several policies
 */
export function trainingSteps(
  bench: Workbench,
  spec: Spec,
  initial: HostTensors,
  reference: Float64Array,
  stream: number,
): () => Promise<StepReport> {
  const options = optimizer(spec);
  const plan = batchPlan(bench, options);
  if (plan.buckets.length !== 1 || plan.batches !== 1)
    throw new Error('The benchmark needs steps of one batch, all of one shape.');
  const { rankings } = bench.problem;
  const passes = Math.ceil(spec.steps / (rankings.count / spec.batch / 1.5));
  let report: StepReport | undefined;
  let go = (): void => undefined;
  let done = (): void => undefined;
  let training: Promise<unknown> | undefined;
  const start = () =>
    trainPasses(bench, plan, learnerAt(initial), reference, new Float64Array(rankings.count).fill(1), {
      ...options,
      passes,
      prior: 0,
      decay: 'constant',
      stream: [stream],
      title: 'the policy',
      onStep: (step) => (report = step),
      onBoundary: () =>
        new Promise((resolve) => {
          go = resolve;
          done();
        }),
    });
  return async () => {
    const boundary = new Promise<void>((resolve) => (done = resolve));
    if (training) go();
    else training = start();
    await Promise.race([boundary, training]);
    if (!report) throw new Error('Training took no step.');
    return report;
  };
}
