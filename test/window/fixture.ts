/**
 * A plausible run for tests of the panel: types, annotators, rankings, policies and regrets are computed from seeded
 * random rewards, so that the numbers agree with each other. Test data, never shown to users.
 */
import type { PanelSnapshot, PosteriorTable } from '../../src/protocol/panel';
import type { Candidate, RunResult } from '../../src/protocol/result';
import type { RunManifest } from '../../src/protocol/run';
import { random } from '../../src/random';
import { rowEntropies } from '../../src/training/criteria';
import { eventsOf } from './events-fixture';
import { historyOf } from './history-fixture';
import { validationOf } from './validation-fixture';

export interface FixtureOptions {
  readonly types?: number;
  readonly annotators?: number;
  readonly prompts?: number;
  readonly seed?: number;
}

const topics = [
  'a headache',
  'my landlord',
  'learning Rust',
  'a lost parcel',
  'sour dough',
  'a tax form',
  'my first marathon',
];
const openings = [
  'How do I deal with',
  'What should I know about',
  'Explain to a child:',
  'Write three lines about',
];
const manners = [
  'Start with the one step that matters most, then stop.',
  'There are several things to consider, and each deserves its own paragraph: the causes, what you can do yourself today, when to ask somebody who knows, and what it will cost you if you wait another month before doing anything at all.',
  'Honestly? Do nothing for a day and see.',
  'قد يكون من الأفضل أن تسأل شخصًا تثق به أولاً.',
];
const softmax = (values: readonly number[]) => {
  const top = Math.max(...values);
  const exp = values.map((v) => Math.exp(v - top));
  const sum = exp.reduce((a, b) => a + b, 0);
  return exp.map((e) => e / sum);
};
const entropyOf = (p: readonly number[]) => rowEntropies(Float64Array.from(p), p.length)[0];
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

/** A finished run. */
export function finishedRun({
  types = 3,
  annotators = 200,
  prompts = 24,
  seed = 7,
}: FixtureOptions = {}): PanelSnapshot {
  const rng = random(seed);
  const beta = 0.5;
  const responses = manners.length;
  const rewards = Array.from({ length: types }, () =>
    Array.from({ length: prompts }, () => {
      const raw = Array.from({ length: responses }, () => rng.normal() * 0.6);
      return raw.map((r) => r - sum(raw) / responses);
    }),
  );
  const weightsByType = softmax(Array.from({ length: types }, (_, k) => -0.45 * k));
  const { posterior, truth } = drawPosterior(rng, annotators, weightsByType);
  const policy = (reward: (k: number, x: number, y: number) => number, k: number, x: number) =>
    softmax(Array.from({ length: responses }, (_, y) => reward(k, x, y) / beta));
  const own = Array.from({ length: types }, (_, k) =>
    Array.from({ length: prompts }, (_, x) => policy((t, p, y) => rewards[t][p][y], k, x)),
  );
  const plain = Array.from({ length: prompts }, (_, x) =>
    softmax(
      Array.from(
        { length: responses },
        (_, y) => sum(weightsByType.map((w, k) => w * rewards[k][x][y])) / beta,
      ),
    ),
  );
  const mix = (w: readonly number[]) =>
    Array.from({ length: prompts }, (_, x) =>
      Array.from({ length: responses }, (_, y) => sum(w.map((wk, k) => wk * own[k][x][y]))),
    );
  /** E_x E_{y~π} log π_i/π_ref. */
  const worth = (i: number, pi: readonly (readonly number[])[]) =>
    sum(pi.map((row, x) => sum(row.map((p, y) => p * Math.log(own[i][x][y] * responses))))) / prompts;
  const regretOf = (pi: readonly (readonly number[])[]) => own.map((_, i) => worth(i, own[i]) - worth(i, pi));
  const matrix = own.map((_, i) => own.map((_, j) => worth(i, own[i]) - worth(i, own[j])));
  const { weights, adversary, value } = solveGame(matrix);
  const candidate = (
    name: string,
    kind: Candidate['kind'],
    pi: readonly (readonly number[])[],
    w?: readonly number[],
  ): Candidate => {
    const regret = regretOf(pi);
    return { name, kind, regret, worst: Math.max(...regret), weights: w };
  };
  const geometric = Array.from({ length: prompts }, (_, x) =>
    softmax(
      Array.from({ length: responses }, (_, y) => sum(weights.map((w, k) => w * Math.log(own[k][x][y])))),
    ),
  );
  const names = Array.from({ length: types }, (_, k) => `Type ${k + 1}`);
  const text = (x: number) => `${openings[x % openings.length]} ${topics[x % topics.length]}? (${x + 1})`;
  const opinion = (k: number, x: number, y: number) => ({
    prompt: text(x),
    response: manners[y],
    probability: own[k][x][y],
    reference: 1 / responses,
    reward: rewards[k][x][y],
  });
  const hard = posterior.annotators.map((_, h) => argmax(posterior.gamma.slice(h * types, (h + 1) * types)));
  const result: RunResult = {
    fit: {
      policy: 'tabular',
      types,
      logLikelihood: -annotators * 8.127,
      bic: null,
      icl: null,
      parameters: types * prompts * (responses - 1) + types - 1,
      annotators,
      records: annotators * 8,
      converged: true,
      iterations: 41,
      seconds: 12.4,
      prior: 0.1,
      beta,
    },
    types: names.map((name, k) => {
      const all = Array.from({ length: prompts * responses }, (_, i) =>
        opinion(k, Math.floor(i / responses), i % responses),
      );
      const sorted = all.sort((a, b) => b.probability - a.probability);
      return {
        name,
        share: weightsByType[k],
        annotators: hard.filter((t) => t === k).length,
        liked: sorted.slice(0, 5),
        disliked: sorted.slice(-5).reverse(),
        coefficients: manners.map((m, y) => ({
          name: m.slice(0, 24),
          value: sum(rewards[k].map((r) => r[y])) / prompts,
        })),
      };
    }),
    starts: Array.from({ length: 6 }, (_, s) => ({
      kind: s < 2 ? 'agreement' : 'random',
      logLikelihood: -annotators * (8.127 + (s > 3 ? 0.02 * s : 0)),
      objective: -annotators * (8.153 + (s > 3 ? 0.02 * s : 0)),
      iterations: 38 + 3 * s,
      converged: s !== 5,
      agreement: s > 3 ? 0.71 - 0.05 * s : 1,
    })),
    selection: [1, types].map((k) => ({
      types: k,
      logLikelihood: -annotators * (k === 1 ? 9.4 : 8.127),
      parameters: k * prompts * (responses - 1) + k - 1,
      bic: null,
      icl: null,
      heldOut: null,
      heldOutStandardError: null,
    })),
    posterior: {
      meanEntropy: sum(posterior.entropy) / annotators,
      certain: posterior.annotators.filter(
        (_, h) => Math.max(...posterior.gamma.slice(h * types, (h + 1) * types)) >= 0.9,
      ).length,
      effectiveTypes: Math.exp(entropyOf(weightsByType)),
    },
    regret: {
      matrix,
      standardError: null,
      protection: names.map(() => 1),
      weights,
      value,
      adversary,
      gap: 3.1e-16,
      solver: 'exact',
      sensitivity: [beta / 3, beta * 3].map((b) => ({
        beta: b,
        weights,
        value: (value * beta) / b,
        candidates: [candidate('Plain DPO', 'plain-dpo', plain)],
      })),
    },
    candidates: [
      ...names.map((name, k) => candidate(`Policy of ${name}`, 'type', own[k])),
      candidate('Plain DPO', 'plain-dpo', plain),
      candidate('Fair mixture', 'mixture', mix(weights), weights),
      candidate('Fair log-linear', 'loglinear', geometric, weights),
    ],
    divides: Array.from({ length: prompts }, (_, x) => {
      const each = own.map((p) => p[x]);
      const mean = each[0].map((_, y) => sum(each.map((p, k) => weightsByType[k] * p[y])));
      return {
        prompt: text(x),
        divergence: entropyOf(mean) - sum(each.map((p, k) => weightsByType[k] * entropyOf(p))),
        responses: manners.map((m, y) => ({ text: m, probability: each.map((p) => p[y]) })),
      };
    })
      .sort((a, b) => b.divergence - a.divergence)
      .slice(0, 10),
    known: {
      names: names.map((_, k) => ['terse', 'thorough', 'blunt', 'gentle', 'formal', 'playful'][k % 6]),
      accuracy: hard.filter((t, h) => t === truth[h]).length / annotators,
      adjustedRand: 0.87,
      confusion: names.map((_, i) =>
        names.map((_, j) => hard.filter((t, h) => truth[h] === i && t === j).length),
      ),
    },
    alarms: [
      {
        code: 'starts-disagree',
        message:
          '2 of 6 starts ended in other groups of annotators. Try more starts before you rely on the types.',
      },
    ],
    treatment: [
      'Ties: the likelihood is averaged over the orders they allow.',
      'The reference policy is uniform over a prompt’s responses.',
    ],
  };
  const validation = validationOf(types, annotators, prompts, responses);
  const manifest: RunManifest = {
    schema: 1,
    name: 'answers',
    created: '2026-03-04T10:15:00.000Z',
    experiment: {
      name: 'answers',
      dataset: { path: 'answers.jsonl', unranked: 'offered', ties: 'average' },
      policy: { kind: 'tabular', over: 'auto' },
      types,
      beta,
      em: { starts: 6, tolerance: 1e-6, iterations: 500, prior: 0.1 },
      aggregate: { protection: [], single: 'mixture', solver: 'exact' },
      evaluate: { folds: 5, bootstrap: 0, calibration: false, baselines: false, heldOut: 0.2 },
      compute: { device: 'auto', threads: 0 },
      seed: 1,
    },
    dataset: { ...validation.dataset, path: 'answers.jsonl', sha256: '0'.repeat(64), bytes: 481_212 },
    versions: { emdpo: '0.1.0', node: 'v20', platform: 'linux' },
    device: 'cpu',
  };
  const events = eventsOf(result, weightsByType);
  return {
    directory: '.emdpo/runs/20260304-101500-answers',
    state: 'finished',
    manifest,
    events,
    validation,
    result,
    posterior,
    ...(types > 1 && { history: historyOf({ result, posterior, events }) }),
  };
}

/** The same run while it is still fitting: the first events, no result. */
export function runningRun(options: FixtureOptions = {}): PanelSnapshot {
  const run = {
    ...finishedRun(options),
    ...{ result: undefined, posterior: undefined, history: undefined },
  };
  const cut = run.events.findIndex(
    (e) => e.type === 'em' && e.types > 1 && e.start === 1 && e.iteration === 12,
  );
  return { ...run, state: 'running', events: run.events.slice(0, cut) };
}

const argmax = (values: readonly number[]) => values.indexOf(Math.max(...values));

function drawPosterior(rng: ReturnType<typeof random>, annotators: number, shares: readonly number[]) {
  const truth = Array.from({ length: annotators }, () => rng.choice(shares));
  const gamma = truth.flatMap((t) =>
    softmax(shares.map((s, k) => Math.log(s) + (k === t ? 3.5 : 0) + rng.normal() * 1.6)),
  );
  const entropy = Array.from(rowEntropies(Float64Array.from(gamma), shares.length));
  const names = truth.map((_, h) => `annotator-${String(h + 1).padStart(3, '0')}`);
  const posterior: PosteriorTable = {
    annotators: names,
    gamma,
    entropy,
    types: shares.length,
    total: annotators,
  };
  return { posterior, truth };
}

/** Fictitious play: slow, plain, and independent of the product's own solver. */
function solveGame(matrix: readonly (readonly number[])[]) {
  const n = matrix.length;
  const plays = new Array<number>(n).fill(0);
  const attacks = new Array<number>(n).fill(0);
  let column = 0;
  for (let t = 0; t < 20_000; t++) {
    plays[column]++;
    const row = argmax(matrix.map((r) => sum(r.map((v, j) => v * plays[j]))));
    attacks[row]++;
    const costs = matrix[0].map((_, j) => sum(matrix.map((r, i) => r[j] * attacks[i])));
    column = costs.indexOf(Math.min(...costs));
  }
  const weights = plays.map((p) => p / sum(plays));
  const adversary = attacks.map((a) => a / sum(attacks));
  return {
    weights,
    adversary,
    value: Math.max(0, ...matrix.map((r) => sum(r.map((v, j) => v * weights[j])))),
  };
}
