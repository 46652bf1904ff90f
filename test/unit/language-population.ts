import type { CanonicalRecord } from '../../src/dataset/canonical-line';
import { random } from '../../src/random';

export interface TextDesign {
  readonly annotators: number;
  readonly recordsEach: number;
  readonly prompts: number;
  readonly seed: number;
  /** How strongly a type prefers what it wants, in nats. */
  readonly strength: number;
}

/** Annotators of two types: one likes polite answers, the other long ones. Every prompt has four answers, one of each kind. */
export function twoTypes({
  annotators,
  recordsEach,
  prompts,
  seed,
  strength,
}: TextDesign): CanonicalRecord[] {
  const source = random(seed);
  const records: CanonicalRecord[] = [];
  for (let h = 0; h < annotators; h++) {
    const polite = h % 2 === 0;
    for (let t = 0; t < recordsEach; t++) {
      const x = source.below(prompts);
      const answers = [0, 1, 2, 3].map((kind) => ({
        text: `${kind & 1 ? 'please ' : 'yo '}${kind & 2 ? 'go and go and go' : 'go'} ${String.fromCharCode(97 + x)}`,
        reward: strength * ((polite ? kind & 1 : kind & 2) ? 1 : -1),
      }));
      const shown = source.shuffle(answers);
      const order = shown
        .map(({ reward }, i) => ({ i, u: reward + source.gumbel() }))
        .sort((a, b) => b.u - a.u)
        .map(({ i }) => i);
      records.push({
        annotator: `a${h}`,
        type: polite ? 'polite' : 'long',
        prompt: `what ${x}?`,
        responses: shown.map(({ text }) => text),
        ranking: order.slice(0, 3),
      });
    }
  }
  return records;
}
