import type { DeviceTest } from '../../../protocol/device';
import type { Executor } from '../../graph/executor';
import type { HostTensor } from '../../graph/program';
import { compare, sameBits } from './compare';
import { operationTrials } from './operations';
import { SMALL, TIMED, transformerStep } from './transformer-step';
import type { Trial } from './trial';

/** A step is timed for this long, after one that is not counted. */
const TIMED_MS = 600;
const MOST_STEPS = 30;

/**
 * Compares a device with the oracle, and times a training step.
 *
 * @throws Error what the device said when it could not run a program
 */
export async function selfTest(device: Executor, oracle: Executor): Promise<DeviceTest> {
  const agrees = await agreement(device, oracle);
  const stepMilliseconds = await time(device, transformerStep(TIMED));
  return { threads: device.threads, ...agrees, stepMilliseconds };
}

/** Runs small programs, each with its gradients, on a device and on the oracle. */
export async function agreement(
  device: Executor,
  oracle: Executor,
): Promise<Pick<DeviceTest, 'relativeError' | 'worst' | 'repeatable'>> {
  let [relativeError, worst, repeatable] = [0, '', true];
  for (const trial of [...operationTrials(), transformerStep(SMALL)]) {
    const [first, second] = await runs(device, trial, 2);
    const [expected] = await runs(oracle, trial, 1);
    const found = compare(first, expected);
    if (worst === '' || found.relativeError > relativeError) {
      relativeError = found.relativeError;
      worst = `${trial.program.name}, ${found.output === 'loss' ? 'loss' : `gradient of ${found.output}`}`;
    }
    repeatable &&= sameBits(first, second);
  }
  return { relativeError, worst, repeatable };
}

async function runs(
  device: Executor,
  { program, feeds }: Trial,
  times: number,
): Promise<Readonly<Record<string, HostTensor>>[]> {
  const executable = await device.compile(program);
  try {
    const results: Readonly<Record<string, HostTensor>>[] = [];
    for (let i = 0; i < times; i++) results.push(await executable.run(feeds));
    return results;
  } finally {
    await executable.dispose();
  }
}

/** @returns median, in milliseconds */
async function time(device: Executor, { program, feeds }: Trial): Promise<number> {
  const executable = await device.compile(program);
  try {
    const start = performance.now();
    await executable.run(feeds);
    const warm = performance.now();
    const times = warm - start > TIMED_MS ? [warm - start] : []; // slow enough to be told from the first
    while (times.length === 0 || (times.length < MOST_STEPS && performance.now() - warm < TIMED_MS)) {
      const before = performance.now();
      await executable.run(feeds);
      times.push(performance.now() - before);
      if (times[0] > TIMED_MS) break;
    }
    times.sort((a, b) => a - b);
    return times[Math.floor(times.length / 2)];
  } finally {
    await executable.dispose();
  }
}
