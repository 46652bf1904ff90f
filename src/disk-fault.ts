/**
 * Faults of the disk, for tests: `EMDPO_TEST_FAULT=ENOSPC@17` lets the 17th call of the file layer (disk.ts) of each
 * process or thread fail with that code, `ENOSPC@17+` all later ones, too, and `KILL@17` ends the process there as
 * `kill -9` would. A write that fails has written half of its bytes. Nothing else reads the variable.
 */
export type DiskFault = (half?: () => void) => void;

const match = /^(ENOSPC|EIO|EROFS|KILL)@(\d+)(\+?)$/.exec(process.env.EMDPO_TEST_FAULT ?? '');

/** Called before each call of the file layer; undefined outside of tests. */
export const diskFault = match ? faultAt(match[1], Number(match[2]), match[3] === '+') : undefined;

function faultAt(code: string, at: number, lasting: boolean): DiskFault {
  let calls = 0;
  return (half) => {
    calls++;
    if (calls !== at && !(lasting && calls > at)) return;
    half?.();
    if (code === 'KILL') process.kill(process.pid, 'SIGKILL');
    throw Object.assign(new Error(`${code}: asked for by EMDPO_TEST_FAULT`), { code });
  };
}
