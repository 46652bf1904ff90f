// WebGPU without a GPU, for tests: the Vulkan loader, and Chromium's Vulkan in software. Where they are missing and this
// is root on Debian or Ubuntu they are installed; anywhere else the tests that need them are skipped.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import process from 'node:process';
import { ensureChromium } from './vscode-host.mjs';

const LOADER = '/usr/lib/x86_64-linux-gnu/libvulkan.so.1';

export function ensureSoftwareVulkan() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  try {
    if (!existsSync(LOADER)) {
      console.log('Installing the Vulkan loader with apt-get …');
      const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
      const apt = (...args) => spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
      apt('update', '-qq');
      apt('install', '-y', '-qq', '--no-install-recommends', 'libvulkan1');
    }
    ensureChromium();
  } catch (error) {
    console.log(`WebGPU is not tested here: ${error.message}`);
  }
}
