import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RewardModel } from '../policy/reward-model';
import type { EmEvent, RunEventBody } from '../protocol/event';
import { MOST_AUTO_TYPES, type Experiment } from '../protocol/experiment';
import type { SelectionRow, TypesRecommendation } from '../protocol/result';
import type { ScopeVerdict } from '../protocol/validation';
import { bic, icl, mixtureParameters, rowEntropies } from '../training/criteria';
import { fitMixture, type FitOptions, type MixtureFit } from '../training/fit';
import { heldOutLikelihoods, meanWithError, recommendTypes } from '../training/held-out';
import type { Problem } from '../training/problem';
import { toldIterations } from '../training/told-iterations';
import { recommendation } from './recommend-types';

export interface FitHooks {
  readonly signal: AbortSignal;
  readonly emit: (event: RunEventBody) => void;
}

interface FitOrder {
  readonly problem: Problem;
  readonly model: RewardModel;
  readonly experiment: Pick<Experiment, 'types' | 'em' | 'evaluate' | 'seed'>;
  readonly verdicts: readonly ScopeVerdict[];
}

export interface FittedTypes {
  /** K = 1. */
  readonly plain: MixtureFit;
  /** With the number of types asked for, or recommended. */
  readonly fit: MixtureFit;
  readonly selection: readonly SelectionRow[];
  readonly recommendation?: TypesRecommendation;
}

const LONGEST_TURN_MS = 20;
/** More types are tried until this many in a row have not raised the held-out likelihood. */
const PATIENCE = 2;

/** Fits plain DPO and the number of types asked for; or several, and recommends one. */
export async function fitTypes(order: FitOrder, hooks: FitHooks): Promise<FittedTypes> {
  const { types } = order.experiment;
  hooks.emit({ type: 'phase', phase: 'fitting', title: 'Fitting annotator types' });
  if (typeof types !== 'number') return selectTypes(order, hooks);
  const fitter = makeFitter(order, hooks, types === 1 ? 1 : 1 + order.experiment.em.starts);
  const plain = await fitter.fit(1);
  const fit = types === 1 ? plain : await fitter.fit(types);
  const fits = types === 1 ? [plain] : [plain, fit];
  return { plain, fit, selection: fits.map((each) => selectionRow(order, each)) };
}

interface Tried {
  readonly types: number;
  readonly fit: MixtureFit;
  /** By place in `profileOf`. */
  readonly heldOut: Float64Array;
}

async function selectTypes(order: FitOrder, hooks: FitHooks): Promise<FittedTypes> {
  const { experiment, verdicts } = order;
  const { starts } = experiment.em;
  const asked = experiment.types;
  const wanted =
    typeof asked === 'object'
      ? [...new Set([1, ...asked])].sort((a, b) => a - b)
      : Array.from({ length: MOST_AUTO_TYPES }, (_, i) => i + 1);
  const each = wanted.map((types) => (types === 1 ? 1 : starts + 1) * (1 + experiment.evaluate.folds));
  const fitter = makeFitter(
    order,
    hooks,
    each.reduce((sum, n) => sum + n, 0),
  );
  const tried: Tried[] = [];
  for (const types of wanted) {
    const fit = await fitter.fit(types, tried.at(-1)?.fit);
    tried.push({ types, fit, heldOut: await fitter.heldOut(types) });
    if (asked === 'auto' && noLongerHelps(tried)) break;
  }
  const choosable = typeof asked === 'object' ? tried.filter(({ types }) => asked.includes(types)) : tried;
  const rule = recommendTypes(choosable.map(({ heldOut }) => heldOut));
  const best = choosable[rule.best];
  const advised = recommendation({
    tried: choosable.map(({ types }) => types),
    best: best.types,
    smallest: choosable[rule.recommended].types,
    policy: order.model.kind,
    verdicts,
  });
  return {
    plain: tried[0].fit,
    fit: tried.find(({ types }) => types === advised.types)!.fit,
    selection: tried.map(({ fit, heldOut }) => {
      const n = heldOut.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : 1), 0);
      const own = meanWithError(heldOut);
      const behind = meanWithError(best.heldOut.map((value, i) => value - heldOut[i]));
      return {
        ...selectionRow(order, fit),
        heldOut: n * own.mean,
        heldOutStandardError: n * own.standardError,
        behindBest: n * behind.mean,
        behindBestStandardError: n * behind.standardError,
      };
    }),
    recommendation: advised,
  };
}

function noLongerHelps(tried: readonly Tried[]): boolean {
  const means = tried.map(({ heldOut }) => meanWithError(heldOut).mean);
  return means.length - 1 - means.indexOf(Math.max(...means)) >= PATIENCE;
}

/** Fits, telling each start's iterations and the time left. @param total starts in all, as far as is known */
function makeFitter({ problem, model, experiment }: FitOrder, { signal, emit }: FitHooks, total: number) {
  const began = performance.now();
  let done = 0;
  let turn = performance.now();
  const breathe = async (): Promise<void> => {
    if (performance.now() - turn > LONGEST_TURN_MS) {
      await nextTurn();
      turn = performance.now();
    }
    signal.throwIfAborted();
  };
  const onStart = (phase: 'fitting' | 'selecting') => () => {
    done++;
    const secondsLeft = ((performance.now() - began) / 1000 / done) * (total - done);
    emit({ type: 'progress', phase, done, total, secondsLeft });
  };
  const options = (types: number): Omit<FitOptions, 'onIteration'> => ({
    ...experiment.em,
    types,
    seed: experiment.seed,
    breathe,
  });
  return {
    fit: async (types: number, fewer?: MixtureFit): Promise<MixtureFit> => {
      const thin = thinIterations(emit);
      const started = onStart('fitting');
      return fitMixture(problem, model, {
        ...options(types),
        fewer: fewer?.mixture,
        trace: types > 1,
        onIteration: thin.iteration,
        onStart: () => {
          thin.flush();
          started();
        },
      });
    },
    heldOut: async (types: number): Promise<Float64Array> => {
      const title = `Testing ${types} ${types === 1 ? 'type' : 'types'} on annotators held out`;
      emit({ type: 'phase', phase: 'selecting', title });
      return heldOutLikelihoods(problem, model, {
        ...options(types),
        folds: Math.min(experiment.evaluate.folds, problem.annotators),
        onIteration: () => undefined,
        onStart: onStart('selecting'),
      });
    },
  };
}

/** Tells the iterations of a start that are to be told, and always the last. */
function thinIterations(emit: FitHooks['emit']): { iteration: (event: EmEvent) => void; flush: () => void } {
  let told = toldIterations();
  let held: EmEvent | undefined;
  return {
    iteration: (event) => {
      held = told(event.iteration) ? undefined : event;
      if (!held) emit(event);
    },
    flush: () => {
      if (held) emit(held);
      held = undefined;
      told = toldIterations();
    },
  };
}

function selectionRow({ problem, model, experiment }: FitOrder, fit: MixtureFit): SelectionRow {
  const types = fit.mixture.shares.length;
  const parameters = mixtureParameters(types, model.freeParameters);
  // both criteria are about maximum likelihood: a prior makes their count of parameters meaningless
  const schwarz = experiment.em.prior === 0 ? bic(fit.logLikelihood, parameters, problem.annotators) : null;
  const entropy = rowEntropies(fit.gamma, types).reduce((sum, e, p) => sum + problem.profileCount[p] * e, 0);
  return {
    types,
    logLikelihood: fit.logLikelihood,
    parameters,
    bic: schwarz,
    icl: schwarz === null ? null : icl(schwarz, entropy),
    heldOut: null,
    heldOutStandardError: null,
  };
}
