import type { PolicyChoice, TypesChoice } from '../src/protocol/experiment';
import type { PanelSnapshot } from '../src/protocol/panel';
import type { Alarm, Candidate, Fit } from '../src/protocol/result';
import type { RunState } from '../src/protocol/run';
import { button } from './controls';
import { el } from './dom';
import { counted, fixed, interval, nats, percent, when } from './format';
import { choose, worstOffNames } from './regret-words';
import type { Fact } from './sections/parts';
import { facts } from './sections/parts';
import type { View } from './view';
import { sentence } from './view';

const stateNames: Record<RunState, string> = {
  created: 'waiting',
  running: 'running',
  finished: 'finished',
  failed: 'failed',
  cancelled: 'stopped',
  dead: 'died',
};

const ENDED_EARLY: readonly RunState[] = ['failed', 'cancelled', 'dead'];

/** Name and state of the run, its key figures, and its alarms: above every tab. */
export function header(view: View): HTMLElement {
  const { manifest, name = manifest.name, state, result, problems = [] } = view.snapshot;
  const { experiment } = manifest;
  const about = [
    policyName(experiment.policy),
    `β ${experiment.beta}`,
    `prior ${experiment.em.prior}`,
    `seed ${experiment.seed}`,
    manifest.device,
    when(manifest.created),
  ];
  return el(
    'header',
    { class: 'run' },
    el(
      'div',
      { class: 'title' },
      el('h1', {}, el('bdi', { dir: 'auto' }, name)),
      el('span', { class: `state ${state}` }, stateNames[state]),
      el('span', { class: 'actions' }, ...actions(view)),
    ),
    el('p', { class: 'muted about' }, about.join(' · ')),
    facts(figures(view.snapshot)),
    problems.length > 0
      ? notices(
          'Parts of this run could not be read',
          problems.map((p) => el('bdi', { dir: 'auto' }, p)),
        )
      : null,
    result && result.alarms.length > 0 ? alarms(result.alarms) : null,
  );
}

function policyName(policy: PolicyChoice): string {
  switch (policy.kind) {
    case 'tabular':
      return 'tabular policy';
    case 'loglinear':
      return 'log-linear policy';
    case 'transformer': {
      const base = policy.model === 'scratch' ? 'a small model of its own' : modelName(policy.model);
      const what =
        policy.train === 'lora' ? `LoRA adapters of rank ${policy.lora.rank} on` : 'all weights of';
      return `language models: ${what} ${base}`;
    }
  }
}

/** The checkpoint's folder, without the folders above it. */
function modelName(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== '') ?? path;
}

function askedFor(types: TypesChoice): string | number {
  return typeof types === 'object' ? types.join(', ') : types;
}

/** What a person asks first: how many types, how sure, how small, and what one policy costs them. */
function figures({ result, manifest }: PanelSnapshot): (Fact | undefined)[] {
  if (!result) return [{ word: 'types', value: askedFor(manifest.experiment.types), note: 'asked for' }];
  const { fit, types, posterior } = result;
  const smallest = types[types.length - 1];
  const several = types.length > 1;
  const { plain, fair } = choose(result, manifest.experiment.aggregate.single);
  const cost = (c: Candidate) => ({
    value: `${nats(c.worst)} nats`,
    note: `${c.worstInterval ? `${interval(c.worstInterval)} · ` : ''}worst off: ${worstOffNames(c, types)}`,
  });
  return [
    { word: 'types', value: fit.types, note: `effectively ${fixed(posterior.effectiveTypes, 2)}` },
    several
      ? { word: 'share', label: 'Smallest share', value: percent(smallest.share), note: smallest.name }
      : undefined,
    {
      word: 'certain',
      value: percent(posterior.certain / Math.max(fit.annotators, 1), 0),
      note: `of ${counted(fit.annotators, 'annotator')}`,
    },
    {
      word: 'logLikelihood',
      value: fixed(fit.logLikelihood, 2),
      note: likelihoodNote(fit),
    },
    plain && several ? { word: 'plainDpo', label: 'Plain DPO costs', ...cost(plain) } : undefined,
    fair && several ? { word: 'worst', label: 'Fair policy costs', ...cost(fair) } : undefined,
  ];
}

function likelihoodNote({ bic, parameters, crossFittedLogLikelihood }: Fit): string {
  if (crossFittedLogLikelihood !== undefined) return `cross-fitted ${fixed(crossFittedLogLikelihood, 2)}`;
  return bic === null ? counted(parameters, 'parameter') : `BIC ${fixed(bic, 1)}`;
}

function actions(view: View): HTMLElement[] {
  const { host, snapshot } = view;
  const ask = (method: 'stop' | 'resume' | 'openReport', failure: string) => () => {
    host.request(method, {}).catch((error: unknown) => {
      view.say(`${failure}: ${sentence(error)}`);
    });
  };
  const shown: HTMLElement[] = [];
  if (snapshot.state === 'running' && host.can('stop'))
    shown.push(button('Stop', 'secondary', ask('stop', 'The run could not be stopped')));
  if (ENDED_EARLY.includes(snapshot.state) && host.can('resume'))
    shown.push(button('Resume', 'secondary', ask('resume', 'The run could not go on')));
  if (snapshot.result && host.can('openReport')) {
    shown.push(button('Open report', 'secondary', ask('openReport', 'The report could not be opened')));
  }
  return shown;
}

function alarms(list: readonly Alarm[]): HTMLElement {
  const title =
    list.length === 1
      ? 'One thing to check before you trust this'
      : `${list.length} things to check before you trust this`;
  return notices(
    title,
    list.map(({ code, message }) =>
      el('span', {}, el('bdi', { dir: 'auto' }, message), ' ', el('code', {}, code)),
    ),
  );
}

function notices(title: string, items: readonly HTMLElement[]): HTMLElement {
  return el(
    'section',
    { class: 'alarms', 'aria-label': title },
    el('h2', {}, title),
    el('ul', {}, ...items.map((item) => el('li', {}, item))),
  );
}
