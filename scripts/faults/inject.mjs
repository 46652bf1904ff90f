import {
  appendFileSync,
  existsSync,
  readFileSync,
  readdirSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { groupEnds, groupOf, launch } from './launch.mjs';
import { eventLines } from './observe.mjs';

/** Codes for the file layer: a disk stays full, an error comes once. */
const AT_A_CALL = {
  'kill in a write': (call) => `KILL@${call}`,
  'disk full': (call) => `ENOSPC@${call}+`,
  'disk error': (call) => `EIO@${call}`,
};

/** Calls of the file layer in a run beside those that append an event. */
const OTHER_CALLS = 40;

/**
 * Starts a run and hits it.
 *
 * @returns whether it was hit before it had finished, and what the person was told that is not right
 */
export async function inject(plan, expected) {
  const { kind, directory, call } = plan;
  const fault = AT_A_CALL[kind]?.(1 + Math.floor(call * (expected.events + OTHER_CALLS)));
  const { child, ended } = launch(['train', expected.file, '--run-dir', directory], fault);
  if (fault !== undefined) {
    const { code, said } = await ended;
    const wrong = (await groupEnds(child.pid)) ? [] : ['somebody of its process group lives on'];
    if (code !== 0 && !kind.startsWith('kill')) wrong.push(...notCivil(said));
    return { hit: code !== 0, said: wrong };
  }
  await Promise.race([ended, atMoment(plan, expected)]);
  const alive = child.exitCode === null && child.signalCode === null;
  kill(child.pid, kind);
  await ended;
  const wrong = (await groupEnds(child.pid)) ? [] : ['somebody of its process group lives on'];
  const damaged = kind in damage ? damage[kind](plan) : true;
  return { hit: alive && damaged, said: wrong };
}

/** A share of the time that an undisturbed run takes from its first event on. */
async function atMoment({ directory, moment }, expected) {
  for (let waited = 0; eventLines(directory).length === 0 && waited < 30_000; waited += 10) await sleep(10);
  await sleep(1000 * moment * expected.seconds);
}

function kill(leader, kind) {
  const group = groupOf(leader);
  const workers = group.filter((pid) => pid !== leader);
  const victims =
    kind === 'kill training' && workers.length > 0 ? workers : kind === 'kill supervisor' ? [leader] : group;
  for (const pid of victims) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // it has just ended by itself
    }
  }
}

function notCivil(said) {
  const wrong = [];
  if (!/because (the disk is full|the disk reports an error)\./.test(said))
    wrong.push(`it said only: ${said}`);
  if (/^\s+at /m.test(said) || /unexpected/.test(said)) wrong.push(`it said too much: ${said}`);
  return wrong;
}

/** What is found after a power failure, made by hand. Each says whether there was anything to damage. */
const damage = {
  'event cut short': ({ directory, cut }) => {
    const file = path.join(directory, 'events.jsonl');
    const lines = eventLines(directory);
    if (lines.length === 0) return false;
    // the start of one more event, which nobody has been told of
    const line = Buffer.from(lines.at(-1));
    appendFileSync(file, line.subarray(0, 1 + Math.floor(cut * (line.length - 1))));
    return true;
  },
  'file half-written': ({ directory, cut }) => {
    const folder = path.join(directory, 'checkpoint');
    const [where, name] = existsSync(folder)
      ? [folder, newest(folder) ?? 'em-000001.checkpoint']
      : [directory, 'run.json'];
    if (!existsSync(where)) return false;
    const whole = existsSync(path.join(where, name))
      ? readFileSync(path.join(where, name))
      : Buffer.alloc(1000);
    writeFileSync(
      path.join(where, `.${name}.0123456789ab.part`),
      whole.subarray(0, Math.floor(cut * whole.length)),
    );
    return true;
  },
  'checkpoint damaged': ({ directory, cut }) => {
    const folder = path.join(directory, 'checkpoint');
    const name = existsSync(folder) ? newest(folder) : undefined;
    if (name === undefined) return false;
    const file = path.join(folder, name);
    truncateSync(file, Math.floor(cut * statSync(file).size));
    return true;
  },
};

function newest(folder) {
  const names = readdirSync(folder).filter((name) => /^(em|pretraining)-\d+\.checkpoint$/.test(name));
  return names
    .sort((a, b) => statSync(path.join(folder, a)).mtimeMs - statSync(path.join(folder, b)).mtimeMs)
    .at(-1);
}
