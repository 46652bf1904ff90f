import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createWhole, makeFolder } from '../../disk';
import { projectOf } from '../directory';
import { RunError, systemCode, systemReason } from '../run-error';
import { pseudonyms, type Pseudonym } from './pseudonyms';

const BYTES = 32;

/**
 * The secret that pseudonyms of a project are made with: `.emdpo/pseudonyms.key` in the project that holds the run
 * directory. Made at first use, so that the same annotator has the same pseudonym in every run of the project. Whoever has
 * the key and a list of names can tell who is who: it stays on this machine.
 *
 * @throws RunError where it cannot be read or made
 */
export async function pseudonymKey(directory: string): Promise<Buffer> {
  const project = await projectOf(path.join(directory, 'run.json'));
  const file = path.join(project, '.emdpo', 'pseudonyms.key');
  try {
    return await readKey(file);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw inWords(file, error);
  }
  try {
    await makeFolder(path.dirname(file));
    await createWhole(path.join(path.dirname(file), '.gitignore'), '*\n');
    // of two processes at once, one makes the key and the other takes it
    await createWhole(file, randomBytes(BYTES).toString('hex') + '\n', 0o600);
    return await readKey(file);
  } catch (error) {
    throw inWords(file, error);
  }
}

/**
 * The pseudonyms of the project that holds a run directory, or a dataset beside which a run directory would be.
 *
 * @throws RunError where the key cannot be read or made
 */
export async function projectPseudonyms(directory: string): Promise<Pseudonym> {
  return pseudonyms(await pseudonymKey(directory));
}

async function readKey(file: string): Promise<Buffer> {
  const text = (await readFile(file, 'utf8')).trim();
  if (!new RegExp(`^[0-9a-f]{${2 * BYTES}}$`).test(text)) {
    throw new RunError(
      `${file} is damaged: it is no key. Delete it to have a new one made; pseudonyms will be others then.`,
    );
  }
  return Buffer.from(text, 'hex');
}

function inWords(file: string, error: unknown): Error {
  if (error instanceof RunError || systemCode(error) === undefined) return error as Error;
  return new RunError(
    `The key of the pseudonyms, ${file}, cannot be read or made because ${systemReason(error)}.`,
  );
}
