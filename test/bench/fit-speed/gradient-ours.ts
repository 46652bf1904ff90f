// Value and gradient of a log-linear likelihood as a fit computes them: as many times as a line of the input says.
import { createInterface } from 'node:readline';
import { connectAlternatives } from '../../../src/compute/components';
import { kernelOf } from '../../../src/compute/kernels/likelihood-kernel';
import type { Rankings } from '../../../src/compute/kernels/rankings';
import { useThreads } from '../../../src/compute/kernels/wasm/machine';
import { gradientData, RESPONSES, type GradientSpec } from './gradient-data';

const spec = JSON.parse(process.argv[2]) as GradientSpec;
useThreads(spec.threads);
const { features, theta, weight } = gradientData(spec);
const count = spec.rankings;
const alternatives = RESPONSES * count;
const rankings: Rankings = {
  count,
  alternatives,
  start: new Uint32Array(count + 1).map((_, r) => RESPONSES * r),
  option: new Int32Array(alternatives).map((_, a) => a),
  level: new Uint16Array(alternatives).map((_, a) => a % RESPONSES),
  tied: new Uint8Array(count),
  largest: RESPONSES,
};
const kernel = kernelOf({
  rankings,
  components: connectAlternatives(rankings),
  profiles: count,
  profileStart: new Uint32Array(count + 1).map((_, p) => p),
  profileRanking: new Int32Array(count).map((_, p) => p),
  profileWeight: new Float64Array(count).fill(1),
});
kernel.weigh(weight);
const linear = kernel.linear({ dimensions: spec.dimensions, values: features });
const gradient = new Float64Array(spec.dimensions);

console.log(JSON.stringify({ ready: 'ours' }));
for await (const line of createInterface({ input: process.stdin })) {
  const seconds: number[] = [];
  const processor: number[] = [];
  const losses: number[] = [];
  for (let i = 0; i < Number(line); i++) {
    const used = process.cpuUsage();
    const began = performance.now();
    losses.push(linear.gradient(theta, gradient));
    seconds.push((performance.now() - began) / 1000);
    const { user, system } = process.cpuUsage(used);
    processor.push((user + system) / 1e6);
  }
  losses.push(...gradient);
  console.log(JSON.stringify({ seconds, processor, losses, kilobytes: process.resourceUsage().maxRSS }));
}
