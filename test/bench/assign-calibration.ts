// Is `emdpo assign` calibrated? Annotators of known types are assigned from a few of their records each, under types
// fitted to other annotators. In each of three bins of stated certainty, accuracy should be within ± 3 points of the mean
// stated certainty. Types are drawn at random, so that some are hard to tell apart; each setting takes several datasets.
//
//   npm run bench -- assign-calibration --datasets=10 --annotators=2000 --trained=1000
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
const DATASETS = option('datasets', 10);
const NEW = option('annotators', 2000);
const TRAINED = option('trained', 1000);
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

/** Each new annotator's stated certainty, and whether the type was right. */
async function assigned(setting: Setting, seed: number, folder: string): Promise<Assigned[]> {
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
  return annotators.map((each) => ({
    stated: each.probability,
    right: found[names.indexOf(type.get(each.annotator)!)] === each.type - 1,
  }));
}

interface Assigned {
  readonly stated: number;
  readonly right: boolean;
}

function report(all: readonly Assigned[]): void {
  for (let bin = 0; bin < BINS.length - 1; bin++) {
    const last = bin === BINS.length - 2;
    const inside = all.filter(({ stated }) => stated >= BINS[bin] && (last || stated < BINS[bin + 1]));
    const stated = inside.reduce((sum, each) => sum + each.stated, 0) / inside.length;
    const accuracy = inside.filter(({ right }) => right).length / inside.length;
    const verdict = Math.abs(accuracy - stated) <= 0.03 ? 'within ± 3 points' : 'OUTSIDE ± 3 points';
    console.log(
      `  certainty ${BINS[bin]} to ${BINS[bin + 1]}: ${inside.length} annotators, stated ${stated.toFixed(3)}, right ${accuracy.toFixed(3)}, ${verdict}`,
    );
  }
}

const everybody: Assigned[] = [];
for (const [i, setting] of SETTINGS.entries()) {
  const { policy, types, records } = setting;
  const all: Assigned[] = [];
  for (let dataset = 0; dataset < DATASETS; dataset++) {
    const folder = mkdtempSync(path.join(tmpdir(), 'emdpo-bench-'));
    try {
      all.push(...(await assigned(setting, 1000 * i + dataset, folder)));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  console.log(
    `${policy}, ${types} types, ${records} rankings of 3 each, ${DATASETS} datasets of ${TRAINED} annotators trained on`,
  );
  report(all);
  everybody.push(...all);
}
console.log('all together');
report(everybody);
