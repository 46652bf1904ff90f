import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { RunManifest } from '../../src/protocol/run';

/** A folder that is gone after the test. */
export function scratchFolder(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'emdpo-run-'));
  t.after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

export const manifest: RunManifest = {
  schema: 1,
  name: 'answers',
  created: '2026-01-31T12:00:00.000Z',
  experiment: {
    name: 'answers',
    dataset: { path: '/data/answers.jsonl', form: 'canonical', unranked: 'offered', ties: 'average' },
    policy: { kind: 'tabular', over: 'auto' },
    types: 2,
    beta: 0.1,
    em: { starts: 8, tolerance: 1e-8, iterations: 2000, prior: 0.1 },
    aggregate: { protection: [], single: 'mixture', solver: 'exact' },
    evaluate: { folds: 5, bootstrap: 0, calibration: false, baselines: false, heldOut: 0.2 },
    compute: { device: 'auto', threads: 0 },
    seed: 1,
  },
  decisions: ['The experiment asks for a tabular policy.'],
  dataset: {
    form: 'canonical',
    records: 3,
    annotators: 2,
    prompts: 1,
    responses: 3,
    items: 0,
    unused: {},
    assumptions: [],
    path: '/data/answers.jsonl',
    sha256: 'ab',
    bytes: 300,
  },
  versions: { emdpo: '0.1.0', node: 'v20.0.0', platform: 'linux-x64' },
  device: 'cpu',
};
