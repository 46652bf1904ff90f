import { createHash } from 'node:crypto';
import type { TransformerConfig, Weights } from './language-model';

/**
 * SHA-256 over what a log-probability depends on: configuration, weights and tokenizer. The same whatever order the
 * weights come in.
 *
 * @param tokenizer the tokenizer's files, or a name for one without files
 */
export function modelHash(config: TransformerConfig, weights: Weights, tokenizer: readonly string[]): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([sorted(config), tokenizer]));
  for (const name of Object.keys(weights).sort()) {
    const { shape, dtype, data } = weights[name];
    hash.update(JSON.stringify([name, shape, dtype]));
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
