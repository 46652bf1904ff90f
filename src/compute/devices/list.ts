import type { DeviceReport, DevicesReport } from '../../protocol/device';
import { YARDSTICK, catalogue } from './catalogue';
import { testDevice } from './test-device';
import type { TestOptions } from './test-device';

export interface ListOptions extends TestOptions {
  /** Called before each test. */
  readonly onTest?: (title: string, done: number, total: number) => void;
  /** Identifiers to test; all that are known by default. */
  readonly only?: readonly string[];
}

/** Tests the devices one after the other, so that none slows another down, and says which is the fastest that passed. */
export async function listDevices(options: ListOptions): Promise<DevicesReport> {
  const asked = catalogue.filter(({ id }) => options.only?.includes(id) ?? true);
  const tested: DeviceReport[] = [];
  for (const [done, device] of asked.entries()) {
    options.onTest?.(device.title, done, asked.length);
    tested.push(await testDevice(device, options));
  }
  const yardstick = tested.find(({ id }) => id === YARDSTICK)?.test?.stepMilliseconds;
  const devices = tested.map((report) =>
    report.test === undefined || yardstick === undefined
      ? report
      : { ...report, speed: yardstick / report.test.stepMilliseconds },
  );
  return { devices, auto: preferred(devices)?.id };
}

/**
 * The device that `auto` means: the fastest that passed its self-test. TensorFlow has to be twice as fast as onnxruntime,
 * which only a GPU makes it: on a processor the two differ by less than one measurement from the next.
 */
export function preferred(devices: readonly DeviceReport[]): DeviceReport | undefined {
  const handicapped = ({ id, test }: DeviceReport) =>
    (test?.stepMilliseconds ?? Infinity) * (id.startsWith('onnxruntime/') ? 1 : 2);
  return devices
    .filter(({ state }) => state === 'passed')
    .sort((a, b) => handicapped(a) - handicapped(b))
    .at(0);
}
