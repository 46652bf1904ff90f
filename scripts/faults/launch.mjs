import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { eventLines } from './observe.mjs';

const emdpo = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../dist/emdpo.cjs');

/** Starts the command line as the editor does: the leader of a process group of its own. */
export function launch(args, fault) {
  const child = spawn(process.execPath, [emdpo, ...args], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...(fault && { EMDPO_TEST_FAULT: fault }) },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (said += text));
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      const lines = said.split('\n').filter((line) => line.startsWith('emdpo: ') || /^\s+at /.test(line));
      resolve({ code, said: lines.join('\n') });
    });
  });
  return { child, ended };
}

/** The processes of a group that live. */
export function groupOf(leader) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
        const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return Number(group) === leader && state !== 'Z' && state !== 'X' ? [Number(name)] : [];
      } catch {
        return []; // it has just ended
      }
    });
}

/** Waits until nobody of a group lives. @returns false where somebody does not end */
export async function groupEnds(leader) {
  for (let waited = 0; waited < 30_000; waited += 20) {
    if (groupOf(leader).length === 0) return true;
    await sleep(20);
  }
  return false;
}

/** From the first event to the last. */
export function seconds(directory) {
  const times = eventLines(directory).map((line) => Date.parse(JSON.parse(line).time));
  return (times.at(-1) - times[0]) / 1000;
}
