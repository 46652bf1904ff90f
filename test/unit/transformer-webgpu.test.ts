import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { onnxruntimeExecutor } from '../../src/compute/graph/executors/onnxruntime';
import { assertGolden } from './transformer-agreement';

/** Chromium's Vulkan in software, and the loader that finds it. */
const DRIVER = ['chromium', 'chromium-browser']
  .map((name) => `/usr/lib/${name}/vk_swiftshader_icd.json`)
  .find((file) => existsSync(file));
const LOADER = ['/usr/lib/x86_64-linux-gnu', '/lib/x86_64-linux-gnu', '/usr/lib64']
  .map((folder) => `${folder}/libvulkan.so.1`)
  .find((file) => existsSync(file));

// one model with learned positions, one with rotary ones: a pass in software takes many seconds
for (const name of ['gpt2', 'llama']) {
  void test(`${name} computes on WebGPU, in software, what torch, transformers and peft compute`, async (t) => {
    if (
      process.platform !== 'linux' ||
      process.arch !== 'x64' ||
      DRIVER === undefined ||
      LOADER === undefined
    ) {
      t.skip('software Vulkan needs x64 Linux, libvulkan1 and the SwiftShader that Chromium brings');
      return;
    }
    process.env.VK_ICD_FILENAMES = DRIVER; // read when the first session opens
    const executor = await onnxruntimeExecutor({ provider: 'webgpu' });
    await assertGolden(name, executor);
    await executor.dispose();
  });
}
