import path from 'node:path';
import { short } from '../../identify/words';
import type { PanelSnapshot } from '../../protocol/panel';
import type { Pseudonym } from './pseudonyms';

/**
 * A snapshot without the names of annotators: in the posteriors, under every key `annotator` or `annotators`, and in the
 * sentences of findings, warnings and alarms, which put names in quotes. Folders are left out, as they often name people.
 * Prompts and responses stay as they are: what people wrote may still name somebody.
 *
 * @param annotators names of all of them
 */
export function withoutNames(
  snapshot: PanelSnapshot,
  annotators: Iterable<string>,
  pseudonym: Pseudonym,
): PanelSnapshot {
  const { directory } = snapshot;
  const file = snapshot.manifest.dataset.path;
  const named = inSentences(annotators, pseudonym);
  const clean = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') {
      if (key === 'annotator') return pseudonym(value);
      if (TEXTS.has(key)) return value;
      if (path.isAbsolute(value)) return path.basename(value);
      return named(value.replaceAll(file, path.basename(file)).replaceAll(directory, '.'));
    }
    // the elements of a list mean what its key says
    if (Array.isArray(value))
      return value.map((each) => clean(each, key === 'annotators' ? 'annotator' : key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, clean(each, name)]));
  };
  const cleaned = clean(snapshot, '') as PanelSnapshot;
  return { ...cleaned, directory: path.basename(directory) };
}

/** Keys whose strings are texts of the dataset. */
const TEXTS = new Set(['prompt', 'response', 'text']);

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
