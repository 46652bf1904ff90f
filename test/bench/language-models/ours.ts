// One process that trains as the extension does. Started with a Spec as JSON; answers each line of standard input, a
// number of steps, with a line of Measured.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { openDevice } from '../../../src/compute/devices/open';
import { responseLogProbabilities } from '../../../src/training/language/score';
import type { Measured, Spec } from './spec';
import { trainingSteps } from './steps';
import { workbench } from './workload';

const spec = JSON.parse(process.argv[2]) as Spec;
const executor = await openDevice(spec.device, spec.threads);
const bench = await workbench(spec, executor);
const initial = bench.policy.initial(bench.seed);
const reference = await responseLogProbabilities(bench, initial);
const policies = Array.from({ length: spec.policies }, (_, stream) =>
  trainingSteps(bench, spec, initial, reference, stream),
);

function peakKilobytes(): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
}

/** Steps of all policies count as one. */
async function take(steps: number): Promise<Measured> {
  const [seconds, processor, losses]: number[][] = [[], [], []];
  for (let i = 0; i < steps; i++) {
    const cpu = process.cpuUsage();
    const began = performance.now();
    let loss = 0;
    for (const step of policies) loss += (await step()).loss;
    seconds.push((performance.now() - began) / 1000);
    const { user, system } = process.cpuUsage(cpu);
    processor.push((user + system) / 1e6);
    losses.push(loss / policies.length);
  }
  return { seconds, processor, losses, kilobytes: peakKilobytes() };
}

console.log(JSON.stringify({ ready: executor.title }));
for await (const line of createInterface({ input: process.stdin }))
  console.log(JSON.stringify(await take(Number(line))));
process.exit(0); // training waits for its next step
