import path from 'node:path';
import { short } from '../../identify/words';
import type { Pseudonym } from './pseudonyms';

export interface Hidden {
  /** Names of all annotators. */
  readonly annotators: Iterable<string>;
  readonly pseudonym: Pseudonym;
  /** Paths that sentences may hold, and what stands instead. */
  readonly paths?: ReadonlyMap<string, string>;
}

/**
 * A value without the names of annotators: under every key `annotator` or `annotators`, and in sentences, which put names
 * in quotes. Folders are left out, as they often name people. Prompts and responses stay as they are: what people wrote
 * may still name somebody.
 */
export function withoutNames<T>(value: T, { annotators, pseudonym, paths = new Map() }: Hidden): T {
  const named = inSentences(annotators, pseudonym);
  const clean = (each: unknown, key: string): unknown => {
    if (typeof each === 'string') {
      if (key === 'annotator') return pseudonym(each);
      if (TEXTS.has(key)) return each;
      if (path.isAbsolute(each)) return path.basename(each);
      let sentence = each;
      for (const [place, instead] of paths) sentence = sentence.replaceAll(place, instead);
      return named(sentence);
    }
    // the elements of a list mean what its key says
    if (Array.isArray(each))
      return each.map((element) => clean(element, key === 'annotators' ? 'annotator' : key));
    if (typeof each !== 'object' || each === null) return each;
    return Object.fromEntries(Object.entries(each).map(([name, part]) => [name, clean(part, name)]));
  };
  return clean(value, '') as T;
}

/** Keys whose strings are texts of the dataset; and `assignments`, which are bytes in base64, without names. */
const TEXTS = new Set([
  ...['prompt', 'prompts', 'response', 'options', 'pairs', 'text', 'label', 'names'],
  'assignments',
]);

/** Replaces names in quotes; findings show long ones shortened. */
function inSentences(annotators: Iterable<string>, pseudonym: Pseudonym): (sentence: string) => string {
  const byShown = new Map<string, string>();
  for (const name of annotators) {
    const made = pseudonym(name);
    byShown.set(name, made);
    byShown.set(short(name), made);
  }
  const withQuotes = [...byShown].filter(([shown]) => /["“”]/.test(shown));
  return (sentence) => {
    let rest = sentence;
    for (const [shown, made] of withQuotes) {
      rest = rest.replaceAll(`“${shown}”`, `“${made}”`).replaceAll(`"${shown}"`, `"${made}"`);
    }
    return rest.replace(/“([^”]*)”|"([^"]*)"/g, (whole, curly?: string, straight?: string) => {
      const made = byShown.get(curly ?? straight ?? '');
      return made === undefined ? whole : whole.slice(0, 1) + made + whole.slice(-1);
    });
  };
}
