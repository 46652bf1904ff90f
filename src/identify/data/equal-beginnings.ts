/** UTF-16 units that a training stack is likely to keep of a response: about 512 tokens of English. */
export const TRUNCATED_AT = 2000;
/** Characters by which texts are told apart before the rest of them is compared. */
const KEY = 64;

/**
 * Pairs each of some long texts, of TRUNCATED_AT units or more, with the first one that begins like it, by index. Texts
 * that are equal to the end are no matter of length.
 */
export function equalBeginnings(texts: readonly string[]): [number, number][] {
  const pairs: [number, number][] = [];
  const byKey = new Map<string, number[]>();
  texts.forEach((text, j) => {
    const key = text.slice(TRUNCATED_AT - KEY, TRUNCATED_AT);
    const others = byKey.get(key) ?? [];
    const cut = text.slice(0, TRUNCATED_AT);
    const twin = others.find((i) => texts[i].startsWith(cut));
    if (twin === undefined) byKey.set(key, [...others, j]);
    else if (texts[twin] !== text) pairs.push([twin, j]);
  });
  return pairs;
}
