import type { DeviceTest } from '../../protocol/device';
import { DeviceError } from './device-error';
import { openDevice } from './open';
import { ORACLE } from './catalogue';
import { selfTest } from './self-test/self-test';

/** What the process of a device test answers. */
export type TestAnswer =
  | { readonly kind: 'tested'; readonly title: string; readonly test: DeviceTest }
  | { readonly kind: 'absent'; readonly message: string }
  | { readonly kind: 'error'; readonly message: string };

/** The whole life of the process that tests one device. */
export async function testDeviceHere(id: string, threads: number): Promise<TestAnswer> {
  try {
    const device = await openDevice(id, threads);
    const oracle = await openDevice(ORACLE, 1);
    return { kind: 'tested', title: device.title, test: await selfTest(device, oracle) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: error instanceof DeviceError ? 'absent' : 'error', message };
  }
}
