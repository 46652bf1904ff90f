/**
 * What a library says when the machine simply has no such device, put for the person.
 *
 * @returns undefined for anything else, which is a failure
 */
export function absence(id: string, message: string): string | undefined {
  if (id === 'onnxruntime/webgpu' && /Failed to get a WebGPU adapter|No supported adapters/.test(message))
    return process.platform === 'linux'
      ? 'There is no GPU for WebGPU: it needs the Vulkan loader (libvulkan1) and a GPU driver with Vulkan.'
      : 'There is no GPU for WebGPU.';
  if (id === 'onnxruntime/cuda' && /Failed to load shared library|libonnxruntime_providers/.test(message))
    return 'The CUDA part of onnxruntime, or CUDA 12 and cuDNN 9 themselves, are not installed (docs/devices.md says how).';
  if (/CUDA driver version is insufficient|no CUDA-capable device/i.test(message))
    return 'There is no NVIDIA GPU with a working driver.';
  if (/Cannot find (module|package) ['"]?onnxruntime-node|onnxruntime_binding\.node/.test(message))
    return 'onnxruntime is not part of this package: install the one for this platform.';
  return undefined;
}
