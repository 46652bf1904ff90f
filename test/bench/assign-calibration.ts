// Is `emdpo assign` calibrated? Annotators of known types are assigned from a few of their records each, under types
// fitted to other annotators. In each of three bins of stated certainty, accuracy should be within ± 3 points of the mean
// stated certainty.
//
//   npm run bench -- assign-calibration --annotators=2000
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { canonicalLine, type CanonicalRecord } from '../../src/dataset/canonical-line';
import { simulateParametric } from '../../src/dataset/simulate/simulate';
import { bestMatching } from '../../src/training/labels';
import { readExperiment } from '../../src/run/experiment';
import { assignAnnotators } from '../../src/run/assign/assign';
import { readPosterior } from '../../src/run/posterior';
import { trainRun } from '../../src/run/train';

const option = (name: string, otherwise: number): number => {
  const given = process.argv.find((argument) => argument.startsWith(`--${name}=`));
  return Number(given?.slice(name.length + 3) ?? otherwise);
};
const NEW = option('annotators', 2000);
const TRAINED = option('trained', 600);
const BINS = [0, 0.7, 0.9, 1] as const;

interface Setting {
  readonly policy: 'tabular' | 'loglinear';
  readonly types: number;
  readonly records: number;
}

const SETTINGS: readonly Setting[] = [
  { policy: 'loglinear', types: 2, records: 2 },
  { policy: 'loglinear', types: 3, records: 3 },
  { policy: 'tabular', types: 2, records: 2 },
  { policy: 'tabular', types: 3, records: 3 },
];

/** The first TRAINED annotators with all their records; the others with `records` of theirs. */
function simulated({ types, records }: Setting, seed: number) {
  const { records: all, truth } = simulateParametric(
    { types, features: 4, prompts: 10, responses: 3, annotators: TRAINED + NEW, records: 8 },
    seed,
  );
  const number = new Map(truth.annotators.map(({ annotator }, h) => [annotator, h]));
  const seen = new Map<string, number>();
  const trained: CanonicalRecord[] = [];
  const fresh: CanonicalRecord[] = [];
  for (const record of all) {
    const name = record.annotator!;
    if (number.get(name)! < TRAINED) trained.push(record);
    else {
      const before = seen.get(name) ?? 0;
      seen.set(name, before + 1);
      if (before < records) fresh.push(record);
    }
  }
  return { trained, fresh, type: new Map(truth.annotators.map(({ annotator, type }) => [annotator, type])) };
}

async function measure(setting: Setting, seed: number, folder: string): Promise<void> {
  const { trained, fresh, type } = simulated(setting, seed);
  const file = path.join(folder, 'trained.jsonl');
  const few = path.join(folder, 'few.jsonl');
  writeFileSync(file, trained.map((each) => canonicalLine(each) + '\n').join(''));
  writeFileSync(few, fresh.map((each) => canonicalLine(each) + '\n').join(''));
  const directory = path.join(folder, 'run');
  const request = await readExperiment(file, {
    types: setting.types,
    policy: { kind: setting.policy },
    seed,
  });
  await trainRun(request, {
    signal: new AbortController().signal,
    runDirectory: directory,
    version: 'bench',
    assets: { script: '', style: '' },
    program: '',
  });
  const names = [...new Set(type.values())].sort();
  const posterior = (await readPosterior(directory))!;
  const together = names.map((name) =>
    Array.from({ length: setting.types }, (_, k) =>
      posterior.annotators.reduce(
        (sum, each, h) => (type.get(each) === name ? sum + posterior.gamma[h * setting.types + k] : sum),
        0,
      ),
    ),
  );
  const found = bestMatching(together);
  const { annotators } = await assignAnnotators(directory, few);
  console.log(
    `${setting.policy}, ${setting.types} types, ${setting.records} rankings of 3 each, ${TRAINED} annotators trained on`,
  );
  for (let bin = 0; bin < BINS.length - 1; bin++) {
    const inside = annotators.filter(
      ({ probability: p }) => p >= BINS[bin] && (p < BINS[bin + 1] || BINS[bin + 1] === 1),
    );
    const right = inside.filter(
      (each) => found[names.indexOf(type.get(each.annotator)!)] === each.type - 1,
    ).length;
    const stated = inside.reduce((sum, { probability }) => sum + probability, 0) / inside.length;
    const accuracy = right / inside.length;
    const verdict = Math.abs(accuracy - stated) <= 0.03 ? 'within ± 3 points' : 'OUTSIDE ± 3 points';
    console.log(
      `  certainty ${BINS[bin]} to ${BINS[bin + 1]}: ${inside.length} annotators, stated ${stated.toFixed(3)}, right ${accuracy.toFixed(3)}, ${verdict}`,
    );
  }
}

for (const [i, setting] of SETTINGS.entries()) {
  const folder = mkdtempSync(path.join(tmpdir(), 'emdpo-bench-'));
  try {
    await measure(setting, 11 + i, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
