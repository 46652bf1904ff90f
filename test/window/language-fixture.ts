/** The run of fixture.ts as language models leave it: sampled regrets, rounds of training. Test data, never shown to users. */
import type { RunEvent, RunEventBody } from '../../src/protocol/event';
import type { PanelSnapshot } from '../../src/protocol/panel';
import type { Candidate, RunResult } from '../../src/protocol/result';
import { random } from '../../src/random';
import { finishedRun } from './fixture';
import { roundsOf } from './history-fixture';

export const STEPS = 12;
export const ROUNDS = 3;

/** A finished run of language models, LoRA adapters on a model of its own. */
export function languageRun(): PanelSnapshot {
  const run = finishedRun({ annotators: 60 });
  const result = sampled(run.result!);
  return {
    ...run,
    result,
    manifest: {
      ...run.manifest,
      device: 'onnxruntime/cpu',
      experiment: {
        ...run.manifest.experiment,
        policy: {
          kind: 'transformer',
          model: 'scratch',
          train: 'lora',
          lora: { rank: 8, alpha: 16, targets: 'all-linear' },
          scratch: { layers: 2, hidden: 64, heads: 4, epochs: 60 },
          promptTokens: 48,
          responseTokens: 128,
          rounds: ROUNDS,
          crossFit: true,
          optimizer: {
            learningRate: 1e-3,
            batch: 16,
            accumulate: 1,
            epochs: 1,
            warmup: 10,
            weightDecay: 0,
            clip: 1,
          },
          sampling: { prompts: 24, responses: 4, temperature: 0.9, topP: 1, distillation: 8 },
        },
      },
    },
    events: eventsOf(result),
    history: roundsOf(run.history!, ROUNDS),
  };
}

function sampled(result: RunResult): RunResult {
  const withErrors = (candidate: Candidate): Candidate => ({
    ...candidate,
    standardError: candidate.regret.map((r) => 0.1 * Math.abs(r)),
    worstInterval: [candidate.worst * 0.8, candidate.worst * 1.2],
    worstAgainstPlain:
      candidate.kind === 'mixture' ? [-0.4, -0.1] : candidate.kind === 'loglinear' ? [-0.2, 0.3] : [0.1, 0.2],
  });
  const mixture = result.candidates.find(({ kind }) => kind === 'mixture')!;
  return {
    ...result,
    fit: {
      ...result.fit,
      policy: 'transformer',
      converged: false,
      iterations: ROUNDS,
      crossFittedLogLikelihood: result.fit.logLikelihood * 1.02,
    },
    types: result.types.map((type) => ({ ...type, coefficients: undefined })),
    starts: [
      { kind: 'embeddings', logLikelihood: -520 },
      { kind: 'agreement', logLikelihood: -531 },
    ],
    regret: {
      ...result.regret,
      standardError: result.regret.matrix.map((row) => row.map((r) => 0.1 * Math.abs(r))),
      sensitivity: [],
      sampling: { prompts: 20, population: 24, responses: 4, cut: 0.021 },
      intervals: {
        weights: result.regret.weights.map((w) => [w * 0.5, Math.min(1, w * 1.5)]),
        value: [result.regret.value * 0.8, result.regret.value * 1.2],
      },
    },
    candidates: [
      ...result.candidates,
      {
        ...mixture,
        name: 'distilled',
        kind: 'distilled' as const,
        weights: undefined,
        worst: mixture.worst + 0.1,
      },
    ].map(withErrors),
  };
}

function eventsOf(result: RunResult): RunEvent[] {
  const rng = random(3);
  let at = Date.parse('2026-03-04T10:15:00Z');
  const events: RunEvent[] = [];
  const emit = (...bodies: RunEventBody[]) => {
    for (const body of bodies) events.push({ time: new Date((at += 400)).toISOString(), ...body });
  };
  const types = result.types.map(({ share }) => share).reverse(); // training lists them its own way
  const train = (policy: string, round: number) => {
    for (let step = 1; step <= STEPS; step++) {
      const learnt = (round * STEPS + step) / (ROUNDS * STEPS + STEPS);
      emit({
        type: 'loss',
        policy,
        round,
        step,
        steps: STEPS,
        loss: 2.6 - learnt + 0.1 * rng.normal(),
        margin: learnt,
        accuracy: 0.5 + 0.3 * learnt,
        drift: -learnt,
      });
    }
  };
  const round = (number: number, start: number, logLikelihood: number) => {
    types.forEach((_, k) => {
      train(`type ${k + 1}`, number);
    });
    const step = { logLikelihood, shares: types, effectiveTypes: 2.8 };
    emit(
      { type: 'em', types: types.length, start, iteration: number, objective: logLikelihood, ...step },
      { type: 'heldOut', round: number, crossFitted: true, moved: 0.3 / number, ...step },
    );
  };
  emit(
    { type: 'started', pid: 4242, types: types.length },
    { type: 'device', device: 'onnxruntime/cpu', threads: 2 },
    { type: 'phase', phase: 'fitting', title: 'Pretraining the reference model on the responses' },
  );
  for (let pass = 1; pass <= 8; pass++)
    emit({ type: 'pretraining', pass, passes: 8, loss: 3 / pass, heldOut: 3.2 / pass });
  emit({ type: 'phase', phase: 'fitting', title: 'Training a language model for each type' });
  round(1, 0, -520);
  round(1, 1, -531);
  for (let number = 2; number <= ROUNDS; number++) round(number, 0, -520 + 8 * number);
  types.forEach((_, k) => {
    train(`type ${k + 1}`, 0);
  });
  train('plain DPO', 0);
  emit({ type: 'finished', seconds: 196, logLikelihood: result.fit.logLikelihood });
  return events;
}
