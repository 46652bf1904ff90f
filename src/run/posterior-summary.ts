import type { PosteriorSummary } from '../protocol/result';
import type { AnnotatorPosterior } from './annotator-posterior';

const CERTAIN = 0.9;

export function posteriorSummary(
  { gamma, entropy }: AnnotatorPosterior,
  types: number,
  effectiveTypes: number,
): PosteriorSummary {
  let certain = 0;
  for (let h = 0; h < gamma.length; h += types) {
    if (gamma.subarray(h, h + types).some((g) => g >= CERTAIN)) certain++;
  }
  const meanEntropy = entropy.length === 0 ? 0 : entropy.reduce((sum, e) => sum + e, 0) / entropy.length;
  return { meanEntropy, certain, effectiveTypes };
}
