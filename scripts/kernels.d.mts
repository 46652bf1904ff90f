/** Fingerprint of the kernels’ sources and of their compiler. */
export function sourcesOfKernels(): string;
