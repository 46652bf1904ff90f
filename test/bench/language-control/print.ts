import type { Interval, JudgedRun } from './judge-run';
import { TYPES } from './population';

/** EM-DPO has to come this near to a classifier that knows the planted rewards. */
const NEAR = 0.95;

export function printSeed(seed: number, run: JudgedRun, minutes: number): void {
  const { result, ideal, attributes, moves, worst, gain } = run;
  const accuracy = result.known?.accuracy ?? 0;
  console.log(`\nseed ${seed} (${minutes.toFixed(1)} minutes)`);
  console.log(
    `  annotators found: ${percent(accuracy)}; knowing the rewards: ${percent(ideal)}; ratio ${(accuracy / ideal).toFixed(3)}`,
  );
  console.log(
    '  what each policy writes        length  formality  topic   planted reward over the reference',
  );
  for (const [k, { name, weights }] of TYPES.entries()) {
    const a = attributes[k];
    console.log(
      `    ${name.padEnd(26)} ${number(a.length)}   ${number(a.formality)}   ${number(a.topic)}   ${interval(moves[k])}` +
        `   (wants ${weights.length}, ${weights.formality}, ${weights.topic})`,
    );
  }
  const reference = attributes[TYPES.length];
  console.log(
    `    ${'reference'.padEnd(26)} ${number(reference.length)}   ${number(reference.formality)}   ${number(reference.topic)}`,
  );
  console.log('  worst regret under the planted rewards');
  for (const [name, value] of Object.entries(worst)) console.log(`    ${name.padEnd(10)} ${interval(value)}`);
  console.log(`    plain DPO less the mixture: ${interval(gain)}`);
  const mixture = result.candidates.find(({ kind }) => kind === 'mixture')?.worstInterval ?? [NaN, NaN];
  const distilled = result.candidates.find(({ kind }) => kind === 'distilled')?.worst ?? NaN;
  console.log(
    `  as the run itself reports: distilled ${distilled.toFixed(3)}, mixture’s interval ${mixture.map((v) => v.toFixed(3)).join(' … ')}: ${run.distilledWithin ? 'within' : 'outside'}`,
  );
}

export function printSummary(runs: readonly JudgedRun[]): void {
  const count = (holds: (run: JudgedRun) => boolean) => `${runs.filter(holds).length} of ${runs.length}`;
  console.log('\nseeds for which it holds');
  console.log(
    `  accuracy of at least ${NEAR} × the ideal:               ${count(({ result, ideal }) => (result.known?.accuracy ?? 0) >= NEAR * ideal)}`,
  );
  console.log(
    `  every type’s own text moves towards what it wants:  ${count(({ moves }) => moves.every(({ from }) => from > 0))}`,
  );
  console.log(`  the mixture’s worst regret is below plain DPO’s:    ${count(({ gain }) => gain.from > 0)}`);
  console.log(
    `  the distilled policy is within the mixture’s, as the run itself reports: ${count((run) => run.distilledWithin)}`,
  );
  const planted = ({ worst: { distilled, mixture } }: JudgedRun) =>
    distilled.mean >= mixture.from && distilled.mean <= mixture.to;
  console.log(`  and under the planted rewards:                      ${count(planted)}`);
}

function interval({ mean, from, to }: Interval): string {
  return `${number(mean)} [${number(from)}, ${number(to)}]`;
}

function number(value: number): string {
  return value.toFixed(3).padStart(6);
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}
