import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { DeviceError } from '../device-error';
import { call } from './command';
import type { Surroundings } from './command';

/** TensorFlow versions whose library the binding is known to build against. */
const VERSIONS = '>=2.16,<2.22';

/** Lists what a wheel needs for CUDA, one requirement a line. */
const CUDA_PACKAGES = `
import sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
metadata = next(name for name in wheel.namelist() if name.endswith('.dist-info/METADATA'))
for line in wheel.read(metadata).decode().splitlines():
    if line.startswith('Requires-Dist: nvidia-') and 'and-cuda' in line and 'nvcc' not in line:
        print(line[len('Requires-Dist: '):].split(';')[0].strip())
`;

/**
 * Puts what the binding needs of a wheel under deps/: C headers, TensorFlow's two libraries under the names that the
 * linker looks for, and NVIDIA's libraries where TensorFlow's own search path has them. Prints the version.
 */
const UNPACK = `
import os, re, shutil, sys, zipfile
wheel, deps = zipfile.ZipFile(sys.argv[1]), sys.argv[2]
headers = re.compile(r'tensorflow/(include/(tensorflow/(c|core/platform)|(xla/)?tsl/(c|platform))/.*\\.h)$')
library = re.compile(r'tensorflow/(lib(tensorflow_cc|tensorflow_framework)\\.(so\\.2|2\\.dylib))$')
nvidia = re.compile(r'nvidia/[^/]+/lib/[^/]+$')
def put(info, place):
    os.makedirs(os.path.dirname(place), exist_ok=True)
    with wheel.open(info) as source, open(place, 'wb') as target:
        shutil.copyfileobj(source, target, 1 << 20)
for info in wheel.infolist():
    name = info.filename
    if found := headers.match(name):
        put(info, os.path.join(deps, *found[1].split('/')))
    elif found := library.match(name):
        put(info, os.path.join(deps, 'lib', found[1]))
        short = 'libtensorflow' if found[2] == 'tensorflow_cc' else 'libtensorflow_framework'
        ending = '.so' if found[3] == 'so.2' else '.2.dylib'
        link = os.path.join(deps, 'lib', short + ending)
        if not os.path.exists(link):
            os.symlink(found[1], link)
    elif nvidia.match(name):
        put(info, os.path.join(deps, *name.split('/')))
print(os.path.basename(sys.argv[1]).split('-')[1])
`;

export interface WheelChoice {
  readonly python: string;
  /** With NVIDIA's libraries. */
  readonly gpu: boolean;
  /** A wheel that is there already; nothing is downloaded for the CPU then. */
  readonly wheel?: string;
  /** For downloads, in passing. */
  readonly scratch: string;
}

/** Downloads TensorFlow's Python package. @returns its file, and those of NVIDIA's libraries */
export async function downloadWheels(choice: WheelChoice, surroundings: Surroundings): Promise<string[]> {
  // the package of this name without CUDA exists for x64 Linux alone; elsewhere the plain one has none anyway
  const name =
    !choice.gpu && process.platform === 'linux' && process.arch === 'x64' ? 'tensorflow-cpu' : 'tensorflow';
  const main =
    choice.wheel ?? (await download([`${name}${VERSIONS}`], 'TensorFlow', choice, surroundings))[0];
  if (!choice.gpu) return [main];
  const listed = await python(choice.python, CUDA_PACKAGES, [main], surroundings);
  const needed = listed.split('\n').filter((line) => line !== '');
  if (needed.length === 0)
    throw new DeviceError(`${path.basename(main)} is built without CUDA, so it cannot use the GPU.`);
  return [main, ...(await download(needed, 'NVIDIA’s libraries', choice, surroundings))];
}

/** @returns TensorFlow's version */
export async function unpack(
  wheels: readonly string[],
  deps: string,
  interpreter: string,
  surroundings: Surroundings,
): Promise<string> {
  const versions: string[] = [];
  for (const wheel of wheels) versions.push(await python(interpreter, UNPACK, [wheel, deps], surroundings));
  const libraries = await readdir(path.join(deps, 'lib')).catch(() => []);
  if (!libraries.some((name) => name.startsWith('libtensorflow_cc.')))
    throw new DeviceError(
      `${path.basename(wheels[0])} has no libtensorflow_cc, which the binding needs. Take a TensorFlow wheel between 2.16 and 2.21 for this platform.`,
    );
  return versions[0].trim();
}

async function download(
  packages: readonly string[],
  what: string,
  { python: interpreter, scratch }: WheelChoice,
  surroundings: Surroundings,
): Promise<string[]> {
  const folder = path.join(scratch, what.replaceAll(/\W/g, ''));
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await call({
    ...surroundings,
    command: interpreter,
    args: [
      '-m',
      'pip',
      'download',
      '--no-deps',
      '--only-binary=:all:',
      '--progress-bar=off',
      '--dest',
      folder,
      ...packages,
    ],
    failure: `${what} could not be downloaded with pip`,
  });
  return (await readdir(folder))
    .filter((file) => file.endsWith('.whl'))
    .map((file) => path.join(folder, file));
}

function python(
  interpreter: string,
  script: string,
  args: readonly string[],
  surroundings: Surroundings,
): Promise<string> {
  return call({
    ...surroundings,
    log: (line) => {
      if (!line.startsWith('> ')) surroundings.log(line); // the script is not for reading
    },
    command: interpreter,
    args: ['-c', script, ...args],
    failure: 'The wheel could not be read',
  });
}
