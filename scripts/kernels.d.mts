/** Fingerprint of the sources of what is compiled, and of their compiler. */
export function sourcesOf(module: 'kernels' | 'scanner'): string;
