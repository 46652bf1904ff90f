import { fork } from 'node:child_process';
import type { DeviceReport } from '../../protocol/device';
import { absence } from './absence';
import { ORACLE, TOLERANCE } from './catalogue';
import type { KnownDevice } from './catalogue';
import type { TestAnswer } from './test-process';

export interface TestOptions {
  /** Program whose command `__test-device ID THREADS` runs {@link testDeviceHere} and sends its answer. */
  readonly program: string;
  readonly threads: number;
  /** Kept short, as a device may hang. */
  readonly limitSeconds?: number;
  readonly signal?: AbortSignal;
}

/** Command of the program that tests one device and sends the answer to the process that asked. */
export const TEST_COMMAND = '__test-device';

const LIMIT_SECONDS = 120;

/** Tests a device in a process of its own: its libraries are native, and may crash or hang. Throws only when cancelled. */
export async function testDevice(device: KnownDevice, options: TestOptions): Promise<DeviceReport> {
  const { id, title } = device;
  const ruledOut = device.ruledOut(process.platform, process.arch);
  if (ruledOut !== undefined) return { id, title, state: 'absent', reason: ruledOut };
  const answer = await ask(id, options);
  if (answer.kind === 'absent') return { id, title, state: 'absent', reason: answer.message };
  if (answer.kind === 'error') {
    const known = absence(id, answer.message);
    return known === undefined
      ? { id, title, state: 'failed', reason: `It does not run: ${firstLine(answer.message)}` }
      : { id, title, state: 'absent', reason: known };
  }
  const { test } = answer;
  const passed = test.relativeError <= TOLERANCE;
  const size = test.relativeError.toExponential(1);
  const agrees = id === ORACLE ? 'The others are compared with it.' : `Agrees with the CPU to ${size}.`;
  return {
    id,
    // only TensorFlow knows better what it is
    title: id === 'tfjs/node' ? answer.title : title,
    state: passed ? 'passed' : 'failed',
    reason: passed
      ? agrees
      : `Differs from the CPU by ${size} (${test.worst}), and more than ${TOLERANCE.toExponential(0)} is not trusted.`,
    test,
  };
}

function ask(
  id: string,
  { program, threads, limitSeconds = LIMIT_SECONDS, signal }: TestOptions,
): Promise<TestAnswer> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const child = fork(program, [TEST_COMMAND, id, String(threads)], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
    let [said, answer]: [string, TestAnswer | undefined] = ['', undefined];
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000);
    });
    const error = (message: string): TestAnswer => ({ kind: 'error', message });
    const limit = setTimeout(() => {
      answer ??= error(`no answer within ${limitSeconds} seconds, so its process was ended.`);
      child.kill('SIGKILL');
    }, 1000 * limitSeconds);
    const cancel = () => {
      child.kill('SIGKILL');
    };
    signal?.addEventListener('abort', cancel, { once: true });
    child.on('message', (message) => {
      answer ??= message as TestAnswer; // __test-device is the only sender
    });
    child.on('error', (fault) => {
      answer ??= error(`its process cannot be started: ${fault.message}`);
    });
    child.on('close', (code, name) => {
      clearTimeout(limit);
      signal?.removeEventListener('abort', cancel);
      if (signal?.aborted) {
        reject(signal.reason instanceof Error ? signal.reason : new Error('Cancelled.'));
        return;
      }
      const how = name === null ? `ended with code ${code ?? -1}` : `was ended by ${name}`;
      const last = tellingLine(said);
      resolve(answer ?? error(`its process ${how}${last === '' ? '.' : `; the last it said was “${last}”`}`));
    });
  });
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0].slice(0, 400);
}

/** The line of an error, else the last: Node.js ends its own with its version. */
function tellingLine(text: string): string {
  const lines = text.trim().split('\n');
  return (lines.findLast((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? '').slice(0, 400);
}
