import { createHash } from 'node:crypto';
import { responseLogProbabilities } from './score';
import type { HostTensors } from '../../compute/graph/program';
import type { Texts } from './texts';
import type { Workbench } from './workbench';

/** Numbers kept from run to run, by content hash. */
export interface NumberCache {
  get(key: string): number | undefined;
  /** Adds these and keeps them for good. */
  put(entries: Iterable<readonly [string, number]>): Promise<void>;
}

/**
 * log π_ref of every response in use: taken from the cache where this model, prompt and response were scored before,
 * truncation included, and computed once otherwise.
 *
 * @param modelHash SHA-256 of the reference model
 * @param parameters at which the policy is the reference
 * @returns by response id; NaN where a response is not in use
 */
export async function referenceLogProbabilities(
  bench: Workbench,
  modelHash: string,
  parameters: HostTensors,
  cache?: NumberCache,
): Promise<Float64Array> {
  const { texts } = bench;
  const keys = new Map(Array.from(texts.used, (y) => [y, cache ? keyOf(modelHash, texts, y) : '']));
  const out = new Float64Array(texts.response.length).fill(NaN);
  const missing = new Set<number>();
  for (const [y, key] of keys) {
    const known = cache?.get(key);
    if (known === undefined) missing.add(y);
    else out[y] = known;
  }
  if (missing.size === 0) return out;
  const computed = await responseLogProbabilities(bench, parameters, missing);
  for (const y of missing) out[y] = computed[y];
  await cache?.put(Array.from(missing, (y) => [keys.get(y)!, out[y]] as const));
  return out;
}

/** The tokens are what is left after truncation, so another limit that cuts nothing has the same key. */
function keyOf(modelHash: string, texts: Texts, response: number): string {
  const hash = createHash('sha256').update(modelHash);
  for (const tokens of [texts.prompt[texts.promptOf[response]], texts.response[response]]) {
    hash.update(`/${tokens.length}/`);
    hash.update(new Uint8Array(tokens.buffer, tokens.byteOffset, tokens.byteLength));
  }
  return hash.digest('hex');
}
