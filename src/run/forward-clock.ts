/**
 * Times in ISO 8601 that never go back: where the clock is set back, the times that follow go on from the last one, and
 * the seconds between them stay right.
 *
 * @param now the clock
 * @param after a time that none may be before; one that cannot be read is left out of account
 */
export function forwardClock(now: () => Date, after?: string): () => string {
  const earlier = Date.parse(after ?? '');
  let last = Number.isNaN(earlier) ? -Infinity : earlier;
  let ahead = 0;
  return () => {
    const time = now().getTime();
    ahead = Math.max(ahead, last - time);
    last = time + ahead;
    return new Date(last).toISOString();
  };
}
