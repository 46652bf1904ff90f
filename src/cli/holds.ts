/** What a file that people may pass on holds of other people. */
export interface Holds {
  readonly texts: true;
  readonly annotators: 'names' | 'pseudonyms';
}

/** Help of the flag, the same at every command that has it. */
export const PSEUDONYMISE = 'put pseudonyms in place of the names of annotators';

export function holds(pseudonymised: boolean | undefined): Holds {
  return { texts: true, annotators: pseudonymised ? 'pseudonyms' : 'names' };
}

/**
 * What to know before something is passed on.
 *
 * @param what subject and verb, such as “It holds”
 */
export function holdsLine(what: string, pseudonymised: boolean | undefined): string {
  return pseudonymised
    ? `${what} prompts and responses of the dataset, which may name people; annotators have pseudonyms.`
    : `${what} prompts and responses of the dataset and the names of annotators (--pseudonymise replaces these).`;
}
