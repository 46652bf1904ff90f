import { test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { TOLERANCE } from '../../src/compute/devices/catalogue';
import { openDevice } from '../../src/compute/devices/open';
import { agreement } from '../../src/compute/devices/self-test/self-test';

/** Chromium's Vulkan in software. */
const SWIFTSHADER = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib/chromium-browser/vk_swiftshader_icd.json',
  '/opt/google/chrome/vk_swiftshader_icd.json',
].find((file) => existsSync(file));

const LOADER = [
  '/usr/lib/x86_64-linux-gnu/libvulkan.so.1',
  '/lib/x86_64-linux-gnu/libvulkan.so.1',
  '/usr/lib64/libvulkan.so.1',
].find((file) => existsSync(file));

function missing(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return 'software Vulkan is used on x64 Linux only';
  if (LOADER === undefined) return 'there is no Vulkan loader; install libvulkan1';
  return SWIFTSHADER === undefined ? 'there is no SwiftShader; Chromium brings it' : undefined;
}

test('WebGPU, in software, agrees with plain TensorFlow.js, gradients included', async (t) => {
  const reason = missing();
  if (reason !== undefined) {
    t.skip(reason);
    return;
  }
  process.env.VK_ICD_FILENAMES = SWIFTSHADER; // read when the first session opens
  const device = await openDevice('onnxruntime/webgpu', 1);
  const { relativeError, worst } = await agreement(device, await openDevice('tfjs/cpu', 1));
  assert.ok(relativeError > 0 && relativeError < TOLERANCE, `${relativeError} in ${worst}`);
});
