import * as v from 'valibot';
import type { RunManifest } from '../protocol/run';
import { writeAtomic } from './atomic';
import { check, readChecked, toJson } from './checked';
import type { Shape } from './checked';
import { experimentShape } from './experiment-shape';
import { RUN_FILES, runFile } from './run-files';
import { summaryEntries } from './validation';

const shape: Shape<RunManifest> = v.looseObject({
  schema: v.literal(1),
  name: v.string(),
  created: v.string(),
  experiment: experimentShape,
  decisions: v.optional(v.array(v.string())),
  dataset: v.looseObject({ ...summaryEntries, path: v.string(), sha256: v.string(), bytes: v.number() }),
  versions: v.looseObject({ emdpo: v.string(), node: v.string(), platform: v.string() }),
  device: v.string(),
  modelFiles: v.optional(v.record(v.string(), v.string())),
  parent: v.optional(v.string()),
});

/** Writes run.json, its keys in one order: a run that goes on writes the same bytes. */
export async function writeManifest(directory: string, manifest: RunManifest): Promise<void> {
  const ordered = check(shape, manifest, RUN_FILES.manifest);
  await writeAtomic(runFile(directory, 'manifest'), toJson(ordered));
}

/**
 * @returns undefined while the run has not read its dataset yet
 * @throws RunError when run.json is damaged
 */
export async function readManifest(directory: string): Promise<RunManifest | undefined> {
  return readChecked(runFile(directory, 'manifest'), shape);
}
