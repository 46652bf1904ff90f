import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `find` gives something other than false and undefined; fails with `what` after a generous while. */
export async function until(what, find, limit = 90_000) {
  const end = Date.now() + limit;
  for (;;) {
    const found = await find();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`This did not happen within ${limit / 1000} s: ${what}`);
    await sleep(25);
  }
}
