import { availableParallelism } from 'node:os';
import type { DeviceReport } from '../../protocol/device';
import type { Executor } from '../graph/executor';
import { catalogue } from './catalogue';
import { DeviceError } from './device-error';
import { listDevices } from './list';
import { openDevice } from './open';
import { findTensorFlow } from './tensorflow/place';
import type { TestOptions } from './test-device';

export interface DeviceChosen {
  readonly executor: Executor;
  readonly report: DeviceReport;
  /** With `auto`: devices that are there but failed their self-test. */
  readonly refused: readonly DeviceReport[];
}

export interface ChooseOptions extends Omit<TestOptions, 'threads'> {
  /** `auto` or an identifier as `emdpo devices` lists them. */
  readonly device: string;
  /** On the processor; 0 is as many as it has cores. */
  readonly threads: number;
  readonly onTest?: (title: string, done: number, total: number) => void;
}

/**
 * Opens the device of a run, after its self-test in a process of its own.
 *
 * @throws DeviceError where it is unknown, is not there, or failed its self-test: a run never falls back to another
 *   device than the one that was asked for
 */
export async function chooseDevice(options: ChooseOptions): Promise<DeviceChosen> {
  const { device } = options;
  const threads = options.threads === 0 ? availableParallelism() : options.threads;
  if (device !== 'auto' && !catalogue.some(({ id }) => id === device))
    throw new DeviceError(
      `There is no device “${device}”. The devices are ${catalogue.map(({ id }) => id).join(', ')}, and auto for the fastest.`,
    );
  const only = device === 'auto' ? candidates() : [device];
  const { devices, auto } = await listDevices({ ...options, threads, only });
  const report = devices.find(({ id }) => id === (device === 'auto' ? auto : device));
  const refused = devices.filter(({ state }) => state === 'failed');
  if (report === undefined)
    throw new DeviceError(`No device passed its self-test. ${refused.map(inWords).join(' ')}`.trim());
  if (report.state !== 'passed') throw new DeviceError(`This run cannot use ${inWords(report)}`);
  return { executor: await openDevice(report.id, threads), report, refused };
}

/** WebAssembly only where onnxruntime has no binary, and plain JavaScript never: they are slower everywhere. */
function candidates(): string[] {
  const here = catalogue
    .filter((known) => known.ruledOut(process.platform, process.arch) === undefined)
    .map(({ id }) => id);
  const fast = here.filter((id) => id.startsWith('onnxruntime/'));
  const tensorflow = findTensorFlow() === undefined ? [] : ['tfjs/node'];
  return [...(fast.length > 0 ? fast : ['tfjs/wasm']), ...tensorflow];
}

function inWords({ id, reason }: DeviceReport): string {
  return `${id}: ${reason}`;
}
