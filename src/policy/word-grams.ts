/** Hashes of the words of a text and of pairs of neighbours, and how often each stands there. */
export interface WordGrams {
  /** Takes the grams of another text, in the order in which they first stand there. @returns their number */
  take(text: string): number;
  /** By gram of the text taken last: its hash (u32), and how often it stands there. */
  readonly hash: Uint32Array;
  readonly count: Uint32Array;
}

const SPACE = 0x20;
const BASIS = 0x811c9dc5;

/**
 * Words are what letters and digits of any script make, in lower case. Grams are told apart by their hashes: FNV-1a over
 * UTF-16 units, a space between the words of a pair. They are hashed as their units are read, as strings of millions of
 * texts would take minutes.
 */
export function wordGrams(): WordGrams {
  let hash = new Uint32Array(256);
  let count = new Uint32Array(256);
  let size = 0;
  const place = new Map<number, number>(); // by hash

  const add = (state: number): void => {
    const gram = mixed(state);
    const known = place.get(gram);
    if (known !== undefined) {
      count[known]++;
      return;
    }
    if (size === hash.length) {
      hash = doubled(hash);
      count = doubled(count);
    }
    place.set(gram, size);
    hash[size] = gram;
    count[size++] = 1;
  };

  return {
    get hash() {
      return hash;
    },
    get count() {
      return count;
    },
    take: (given) => {
      const units = given.toLowerCase();
      place.clear();
      size = 0;
      let word = BASIS; // the word at hand so far
      let pair = BASIS; // the word before it, a space and the same
      let length = 0;
      let words = 0;
      const end = (): void => {
        if (length === 0) return;
        add(word);
        if (words++ > 0) add(pair);
        pair = step(word, SPACE);
        word = BASIS;
        length = 0;
      };
      for (let i = 0; i < units.length;) {
        const width = wordUnits(units, i);
        if (width === 0) {
          end();
          i++;
          continue;
        }
        for (const last = i + width; i < last; i++, length++) {
          word = step(word, units.charCodeAt(i));
          pair = step(pair, units.charCodeAt(i));
        }
      }
      end();
      return size;
    },
  };
}

function step(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x01000193);
}

/** So that low bits are as good as high ones. */
function mixed(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

const OF_WORDS = /^[\p{L}\p{N}]$/u;
const UNKNOWN = 0;
const YES = 1;
const NO = 2;
/** By UTF-16 unit: whether it is a letter or digit; not known before it is met. */
const kinds = new Uint8Array(0x10000);

/** Units of the letter or digit that stands at i; 0 where something else does. */
function wordUnits(text: string, i: number): number {
  const unit = text.charCodeAt(i);
  if (kinds[unit] === UNKNOWN) kinds[unit] = OF_WORDS.test(text[i]) ? YES : NO;
  if (kinds[unit] === YES) return 1;
  const beginsPair = unit >= 0xd800 && unit < 0xdc00;
  return beginsPair && OF_WORDS.test(text.slice(i, i + 2)) ? 2 : 0;
}

function doubled(list: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * list.length);
  larger.set(list);
  return larger;
}
