/**
 * Passes on one call in half a second, and the last, with the seconds left at the pace so far; undefined while there is
 * nothing to go by. A count that falls is that of something else, which is timed anew.
 */
export function everySoOften(
  report: (done: number, total: number, secondsLeft?: number) => void,
): (done: number, total: number) => void {
  let last = 0;
  let first = { at: 0, done: Infinity };
  let before = Infinity;
  return (done, total) => {
    const now = Date.now();
    if (done < before) first = { at: now, done };
    before = done;
    if (now - last < 500 && done < total) return;
    last = now;
    const did = done - first.done;
    report(done, total, did > 0 ? ((now - first.at) / 1000 / did) * (total - done) : undefined);
  };
}
