/** A device that programs may run on, on some machine. */
export interface KnownDevice {
  readonly id: string;
  readonly title: string;
  /** @returns why it cannot be here, in a sentence; undefined where only trying can tell */
  ruledOut(platform: NodeJS.Platform, architecture: string): string | undefined;
}

const onnxruntime = (
  provider: string,
  title: string,
  where: readonly string[],
  elsewhere: string,
): KnownDevice => ({
  id: `onnxruntime/${provider}`,
  title,
  ruledOut(platform, architecture) {
    const here = `${platform}/${architecture}`;
    if (!BINARIES.includes(here)) return `onnxruntime has no binary for ${here}.`;
    return where.includes(here) ? undefined : elsewhere;
  },
});

const tensorflowjs = (backend: string, title: string): KnownDevice => ({
  id: `tfjs/${backend}`,
  title,
  ruledOut: () => undefined,
});

/** Platforms that the npm package onnxruntime-node brings a binary for. */
export const BINARIES: readonly string[] = [
  'linux/x64',
  'linux/arm64',
  'win32/x64',
  'win32/arm64',
  'darwin/arm64',
];

/** Every device there is, in the order in which people look for them. */
export const catalogue: readonly KnownDevice[] = [
  onnxruntime(
    'cuda',
    'NVIDIA GPU, onnxruntime with CUDA',
    ['linux/x64'],
    'onnxruntime brings CUDA for x64 Linux only.',
  ),
  onnxruntime(
    'dml',
    'GPU, onnxruntime with DirectML',
    ['win32/x64', 'win32/arm64'],
    'DirectML is part of Windows.',
  ),
  onnxruntime('coreml', 'Apple GPU, onnxruntime with Core ML', ['darwin/arm64'], 'Core ML is part of macOS.'),
  onnxruntime(
    'webgpu',
    'GPU, onnxruntime with WebGPU',
    BINARIES.filter((here) => here !== 'linux/arm64'),
    'onnxruntime’s binary for this platform has no WebGPU.',
  ),
  onnxruntime('cpu', 'CPU, onnxruntime', BINARIES, ''),
  tensorflowjs('node', 'TensorFlow'),
  tensorflowjs('wasm', 'CPU, TensorFlow.js in WebAssembly'),
  tensorflowjs('cpu', 'CPU, TensorFlow.js in plain JavaScript'),
];

/** All others are compared with it: plain JavaScript, one operation after the other. */
export const ORACLE = 'tfjs/cpu';

/** Speeds are told relative to it. */
export const YARDSTICK = 'onnxruntime/cpu';

/**
 * Rounding of 32-bit floats in another order stays below a tenth of it; a wrong kernel, 16-bit floats and NVIDIA's
 * 19-bit TF32 do not.
 */
export const TOLERANCE = 1e-4;
