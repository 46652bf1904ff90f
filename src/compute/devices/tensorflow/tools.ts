import { DeviceError } from '../device-error';
import { call } from './command';
import type { Surroundings } from './command';

export interface Tools {
  /** The user's Python 3, with pip. */
  readonly python: string;
}

/** @throws DeviceError naming the first tool that is missing, and how to get it */
export async function findTools(surroundings: Surroundings): Promise<Tools> {
  if (process.platform === 'win32')
    throw new DeviceError(
      'TensorFlow cannot be set up on Windows: its wheel has no library to build against. Use the device onnxruntime/dml there, or set it up in WSL.',
    );
  const works = (command: string, ...args: string[]) =>
    call({ ...surroundings, command, args, failure: command }).then(
      () => true,
      (error: unknown) => {
        if (error instanceof DeviceError) return false;
        throw error; // cancelled
      },
    );
  if (!(await works('python3', '-c', 'import sys; assert sys.version_info >= (3, 9)')))
    throw new DeviceError(
      'Python 3.9 or newer is needed, as python3 on the PATH: TensorFlow’s library comes from its Python package. Install it from your system’s packages or https://www.python.org.',
    );
  if (!(await works('python3', '-m', 'pip', '--version')))
    throw new DeviceError(
      'Python’s pip is needed to download TensorFlow. Install it, such as with “apt install python3-pip” or “python3 -m ensurepip”.',
    );
  if (!(await works('c++', '--version')) || !(await works('make', '--version')))
    throw new DeviceError(
      `A C++ compiler and make are needed. Install them, such as with “${process.platform === 'darwin' ? 'xcode-select --install' : 'apt install g++ make'}”.`,
    );
  if (!(await works('npm', '--version')))
    throw new DeviceError('npm is needed. It comes with Node.js: https://nodejs.org.');
  return { python: 'python3' };
}

/** Whether NVIDIA's driver sees a GPU. */
export async function hasNvidiaGpu(surroundings: Surroundings): Promise<boolean> {
  try {
    return /^GPU \d/m.test(
      await call({ ...surroundings, command: 'nvidia-smi', args: ['-L'], failure: 'No NVIDIA GPU' }),
    );
  } catch (error) {
    if (error instanceof DeviceError) return false;
    throw error;
  }
}
