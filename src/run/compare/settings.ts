import type { Setting } from '../../protocol/comparison';
import type { ComparedRun } from './compared-run';

/** Settings of the experiments that are not the same in all runs; names and paths are none. */
export function differingSettings(runs: readonly ComparedRun[]): Setting[] {
  const flat = runs.map(({ manifest: { experiment, device, versions } }) => {
    const values = new Map<string, unknown>();
    flatten({ ...experiment, ranOn: device, versions }, '', values);
    return values;
  });
  const keys = [...new Set(flat.flatMap((values) => [...values.keys()]))];
  return keys
    .filter((key) => key !== 'name' && key !== 'dataset.path')
    .map((key) => ({ key, values: flat.map((values) => values.get(key)) }))
    .filter(({ values }) => new Set(values.map((value) => JSON.stringify(value))).size > 1);
}

function flatten(value: unknown, key: string, into: Map<string, unknown>): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    into.set(key, value);
    return;
  }
  for (const [name, part] of Object.entries(value)) flatten(part, key === '' ? name : `${key}.${name}`, into);
}
