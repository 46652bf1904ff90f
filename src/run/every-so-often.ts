/** Passes on one call in half a second, and the last. */
export function everySoOften(
  report: (done: number, total: number) => void,
): (done: number, total: number) => void {
  let last = 0;
  return (done, total) => {
    const now = Date.now();
    if (now - last < 500 && done < total) return;
    last = now;
    report(done, total);
  };
}
