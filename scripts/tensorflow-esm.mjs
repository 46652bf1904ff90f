// For running the TypeScript sources as they are (tests, benchmarks): TensorFlow.js publishes its ES modules without
// file extensions and behind a CommonJS `main`, so Node alone would load the CommonJS copy, which has no gradients.
// The bundles in dist/ need none of this.
import { register } from 'node:module';

register('./tensorflow-esm-hooks.mjs', import.meta.url);
