import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import { catalogue } from '../compute/devices/catalogue';
import { listDevices } from '../compute/devices/list';
import { TEST_COMMAND } from '../compute/devices/test-device';
import { defaultFolder } from '../compute/devices/tensorflow/place';
import { setUpTensorFlow } from '../compute/devices/tensorflow/set-up';
import { EXIT } from './exit-code';
import { wholeNumber } from './parse';
import { printDevices } from './print-devices';
import { stopSignals } from './stop-signals';
import { UsageError } from './usage-error';

interface Flags {
  readonly json?: true;
  readonly threads: number;
  readonly only?: readonly string[];
  readonly setup?: 'tensorflow';
  readonly to?: string;
  readonly gpu?: boolean;
  readonly wheel?: string;
}

export function addDevices(program: Command): void {
  program
    .command('devices')
    .summary('list and test what a run can compute on')
    .description(
      'List every device that language models can be trained on, each tested against the CPU in a process of its own.',
    )
    .option('--json', 'print the list as JSON; progress goes to standard error, one JSON object a line')
    .option('--threads <N>', 'threads on the processor (all)', wholeNumber(0), 0)
    .option('--only <id...>', 'test only these devices')
    .addOption(
      new Option('--setup <what>', 'build TensorFlow from its Python package, then test it').choices([
        'tensorflow',
      ]),
    )
    .option('--to <dir>', 'with --setup: where it is built; the cache folder by default')
    .option('--gpu', 'with --setup: with CUDA; by default where NVIDIA’s driver sees a GPU')
    .option('--no-gpu', 'with --setup: without CUDA')
    .option('--wheel <file>', 'with --setup: a TensorFlow wheel that is there already')
    .action(devices);
  program
    .command(TEST_COMMAND, { hidden: true })
    .argument('<id>')
    .argument('<threads>', '', wholeNumber(1))
    .action(answerTest);
}

async function devices(flags: Flags): Promise<void> {
  const given = (['to', 'gpu', 'wheel'] as const).find((name) => flags[name] !== undefined);
  if (flags.setup === undefined && given !== undefined)
    throw new UsageError(`--${given} only makes sense with --setup tensorflow.`);
  const unknown = flags.only?.find((id) => !catalogue.some((device) => device.id === id));
  if (unknown !== undefined)
    throw new UsageError(
      `There is no device “${unknown}”. The devices are ${catalogue.map(({ id }) => id).join(', ')}.`,
    );
  const stop = stopSignals();
  const say = teller(flags.json === true);
  try {
    let only = flags.only;
    if (flags.setup === 'tensorflow') {
      const folder = path.resolve(flags.to ?? defaultFolder());
      await setUpTensorFlow({
        folder,
        gpu: flags.gpu ?? 'auto',
        wheel: flags.wheel === undefined ? undefined : path.resolve(flags.wheel),
        signal: stop.signal,
        step: say.step,
        log: say.log,
      });
      process.env.EMDPO_TENSORFLOW = folder;
      only ??= ['onnxruntime/cpu', 'tfjs/node'];
    }
    const report = await listDevices({
      program: process.argv[1],
      threads: flags.threads === 0 ? availableParallelism() : flags.threads,
      only,
      signal: stop.signal,
      onTest: (title, done, total) => {
        say.step(`Testing: ${title}`, done, total);
      },
    });
    say.end();
    process.stdout.write(flags.json ? JSON.stringify(report) + '\n' : printDevices(report, process.stdout));
    const built = report.devices.find(({ id }) => id === 'tfjs/node');
    if (flags.setup === 'tensorflow' && built?.state === 'failed') process.exitCode = EXIT.failed;
  } catch (error) {
    say.end();
    if (!stop.signal.aborted) throw error;
    process.exitCode = stop.exitCode();
  } finally {
    stop.dispose();
  }
}

/** One line that is written over on a terminal; lines of JSON for a program; the log of a set-up only for the latter. */
function teller(json: boolean) {
  const { stderr } = process;
  if (json) {
    const line = (value: object) => stderr.write(JSON.stringify(value) + '\n');
    return {
      step: (title: string, done: number, total: number) => void line({ type: 'step', title, done, total }),
      log: (text: string) => void line({ type: 'log', text }),
      end: () => undefined,
    };
  }
  return {
    step: (title: string) => void stderr.write(stderr.isTTY ? `\r\u001b[2K${title} …` : `${title} …\n`),
    log: () => undefined,
    end: () => {
      if (stderr.isTTY) stderr.write('\r\u001b[2K');
    },
  };
}

async function answerTest(id: string, threads: number): Promise<void> {
  // TensorFlow.js takes a while to load, which the other commands need not wait for
  const { testDeviceHere } = await import('../compute/devices/test-process');
  const answer = await testDeviceHere(id, threads);
  // a library's own threads would keep the process alive
  process.send?.(answer, undefined, undefined, () => process.exit(0));
}
