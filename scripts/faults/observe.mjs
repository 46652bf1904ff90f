import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** Complete lines of events.jsonl. */
export function eventLines(directory) {
  const file = path.join(directory, 'events.jsonl');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
}

/**
 * What a run that was hit has committed: events on whole lines, files under their names, checkpoints told of.
 *
 * @param untouched whether no checkpoint was damaged on purpose
 */
export function committed(directory, untouched) {
  const lines = eventLines(directory);
  const events = lines.flatMap((line) => {
    try {
      return [JSON.parse(line)];
    } catch {
      return []; // closed after a write that failed
    }
  });
  const damaged = [];
  if (lines.length - events.length > 1) damaged.push('more than one line of events.jsonl cannot be read');
  for (const name of ['run.json', 'validation.json', 'result.json']) {
    const file = path.join(directory, name);
    if (existsSync(file) && !isJson(readFileSync(file, 'utf8'))) damaged.push(`${name} is damaged`);
  }
  damaged.push(...lostCheckpoints(directory, events, untouched));
  return {
    finished: events.at(-1)?.type === 'finished',
    hasManifest: existsSync(path.join(directory, 'run.json')),
    damaged,
    lostIn: (later) => {
      const now = eventLines(later);
      return lines.every((line, i) => line === now[i]) ? [] : ['events that were there are gone'];
    },
  };
}

/** The last checkpoint of each kind that an event tells of has to be there, and whole. */
function lostCheckpoints(directory, events, untouched) {
  const last = new Map();
  for (const { type, file } of events)
    if (type === 'checkpoint') last.set(file.replace(/-\d+\.checkpoint$/, ''), file);
  return [...last.values()].flatMap((file) => {
    const there = path.join(directory, file);
    if (!existsSync(there)) return newerThan(there) ? [] : [`${file} was committed and is gone`];
    return untouched && !isWhole(there) ? [`${file} was committed and is damaged`] : [];
  });
}

function newerThan(file) {
  const kind = path.basename(file).replace(/\d+\.checkpoint$/, '');
  return readdirSync(path.dirname(file)).some((name) => name.startsWith(kind) && name > path.basename(file));
}

/** Whether a checkpoint ends with the hash of what is before it. */
function isWhole(file) {
  const bytes = readFileSync(file);
  const body = bytes.subarray(0, -32);
  return bytes.length > 36 && createHash('sha256').update(body).digest().equals(bytes.subarray(-32));
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What a run has left that an undisturbed one has not, or otherwise; times and paths aside. */
export function differences(undisturbed, directory) {
  const [expected, found] = [undisturbed, directory].map(results);
  const names = [...new Set([...expected.keys(), ...found.keys()])];
  return names.filter((name) => expected.get(name) !== found.get(name)).map((name) => `${name} differs`);
}

function results(directory) {
  if (!existsSync(directory)) return new Map();
  const names = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(directory, path.join(entry.parentPath ?? entry.path, entry.name)));
  // the report holds the events; they, and what is gone on from, tell of the way and not of its end
  const kept = names.filter(
    (name) => !/^(events\.jsonl|report\.html|checkpoint\/(em|pretraining)-\d+\.checkpoint)$/.test(name),
  );
  return new Map(
    kept.map((name) => {
      const bytes = readFileSync(path.join(directory, name));
      const content = name.endsWith('.json') ? timeless(bytes.toString('utf8')) : bytes;
      return [name, createHash('sha256').update(content).digest('hex')];
    }),
  );
}

function timeless(text) {
  return text
    .replace(/"seconds": [-+.\de]+/g, '"seconds": 0')
    .replace(/"created": "[^"]*"/g, '"created": ""');
}
