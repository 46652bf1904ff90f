/** How the learning rate goes on after the warm-up. */
export type Decay = 'constant' | 'cosine';

/** Where a cosine ends, as a part of the full learning rate. */
const FLOOR = 0.1;

/**
 * Learning rate of a step: linear from 0 over `warmup` steps, then constant, or a half cosine down to a tenth.
 *
 * @param step 0-based
 * @param total steps there will be; a constant rate needs none
 */
export function learningRateAt(
  step: number,
  peak: number,
  warmup: number,
  decay: Decay = 'constant',
  total = Infinity,
): number {
  if (step < warmup) return (peak * (step + 1)) / warmup;
  if (decay === 'constant' || !Number.isFinite(total)) return peak;
  const gone = Math.min(1, (step - warmup) / Math.max(1, total - warmup));
  return peak * (FLOOR + (1 - FLOOR) * 0.5 * (1 + Math.cos(Math.PI * gone)));
}
