import { createHmac } from 'node:crypto';

/** Gives each annotator the same pseudonym always, which nobody without the key can undo or guess. */
export type Pseudonym = (annotator: string) => string;

/** `a-` and 64 bits of HMAC-SHA-256: two of a million annotators share one with a chance of 3 in 10⁸. */
export function pseudonyms(key: Uint8Array): Pseudonym {
  const known = new Map<string, string>();
  return (annotator) => {
    const before = known.get(annotator);
    if (before !== undefined) return before;
    const made = `a-${createHmac('sha256', key).update(annotator, 'utf8').digest('hex').slice(0, 16)}`;
    known.set(annotator, made);
    return made;
  };
}
