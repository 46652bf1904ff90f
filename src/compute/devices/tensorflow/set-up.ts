import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DeviceError } from '../device-error';
import { call } from './command';
import type { Surroundings } from './command';
import { BUILT, readBuild } from './place';
import type { TensorFlowBuild } from './place';
import { findTools, hasNvidiaGpu } from './tools';
import { downloadWheels, unpack } from './wheel';

/** Version of TensorFlow.js for Node.js: the same as that of the copy in here, as both share one engine. */
const TFJS_NODE = '4.22.0';

export interface SetUpOptions extends Surroundings {
  /** Made by the set-up; what was built there before is replaced once the new one is complete. */
  readonly folder: string;
  /** With CUDA; `auto` where NVIDIA's driver sees a GPU. */
  readonly gpu: boolean | 'auto';
  /** TensorFlow's wheel, where it is there already. */
  readonly wheel?: string;
  /** @param done of `total` steps */
  readonly step: (title: string, done: number, total: number) => void;
}

/**
 * Builds TensorFlow.js for Node.js against the library of TensorFlow's Python package. The npm package's own install
 * script would download a library of 2022 instead, for CUDA 11.2.
 *
 * @throws DeviceError saying what is missing; the signal's reason where it was cancelled. Nothing is left behind then.
 */
export async function setUpTensorFlow(options: SetUpOptions): Promise<TensorFlowBuild> {
  const { step } = options;
  const folder = path.resolve(options.folder);
  const making = `${folder}.making-${process.pid}`;
  if (options.wheel !== undefined && !existsSync(options.wheel))
    throw new DeviceError(`There is no file ${options.wheel}.`);
  try {
    step('Looking for Python, a compiler and npm', 0, 5);
    const tools = await findTools(options);
    const gpu = options.gpu === 'auto' ? await hasNvidiaGpu(options) : options.gpu;
    const name = gpu ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
    await mkdir(making, { recursive: true });

    step(`Installing ${name}`, 1, 5);
    await install(name, making, options);
    const place = path.join(making, 'node_modules', name);

    step(
      gpu
        ? 'Downloading TensorFlow and NVIDIA’s libraries (about 3 GB)'
        : 'Downloading TensorFlow (about 270 MB)',
      2,
      5,
    );
    const scratch = path.join(making, 'download');
    const wheels = await downloadWheels({ ...tools, gpu, wheel: options.wheel, scratch }, options);

    step('Unpacking', 3, 5);
    const tensorflow = await unpack(wheels, path.join(place, 'deps'), tools.python, options);
    await rm(scratch, { recursive: true, force: true });

    step('Compiling', 4, 5);
    await compile(place, options);

    await writeFile(path.join(making, BUILT), JSON.stringify({ name, tensorflow }));
    await rm(folder, { recursive: true, force: true });
    await rename(making, folder);
    step('Done', 5, 5);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
  const built = readBuild(folder);
  if (built === undefined) throw new DeviceError(`${folder} was changed by another process meanwhile.`);
  return built;
}

/** No install script runs: they would download the library of 2022. */
async function install(name: string, folder: string, surroundings: Surroundings): Promise<void> {
  const manifest = { private: true, dependencies: { [name]: TFJS_NODE } };
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest));
  await call({
    ...surroundings,
    command: 'npm',
    args: ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'],
    cwd: folder,
    failure: 'The npm package could not be installed',
  });
}

/** Compiles in a folder of its own, as node-gyp cannot where there is a space in the path. */
async function compile(place: string, surroundings: Surroundings): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'emdpo-tensorflow-'));
  try {
    for (const part of ['binding', 'binding.gyp'])
      await cp(path.join(place, part), path.join(folder, part), { recursive: true });
    await symlink(path.join(place, 'deps'), path.join(folder, 'deps'));
    // npm finds its own copy of node-gyp, and the headers that its configuration names, for scripts that it runs itself
    const build =
      'node-gyp rebuild --module_name=tfjs_binding --module_path=lib/napi-v8 --napi_build_version=8';
    await writeFile(path.join(folder, 'package.json'), JSON.stringify({ private: true, scripts: { build } }));
    await call({
      ...surroundings,
      command: 'npm',
      args: ['run', 'build', '--loglevel=error'],
      cwd: folder,
      failure: 'The binding could not be compiled',
    });
    const target = path.join(place, 'lib', 'napi-v8');
    await mkdir(target, { recursive: true });
    await copyFile(
      path.join(folder, 'build', 'Release', 'tfjs_binding.node'),
      path.join(target, 'tfjs_binding.node'),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
