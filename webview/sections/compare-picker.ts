import type { RunChoice, RunChoices } from '../../src/protocol/comparison';
import { badge, button, dropdown } from '../controls';
import type { Child } from '../dom';
import { el } from '../dom';
import { checkboxes } from '../fields';
import { counted, fixed, when } from '../format';
import type { View } from '../view';
import { sentence } from '../view';

export interface Picked {
  /** Directories. */
  readonly runs: readonly string[];
  readonly baseline: string;
}

/** Which runs to put beside this one, which is the baseline, and why others cannot be chosen. */
export function comparePicker(
  view: View,
  { others, ownPinned }: RunChoices,
  picked: Picked,
  onPick: (picked: Picked) => void,
  reload: () => void,
): HTMLElement {
  const own = view.snapshot.directory;
  const can = others.filter(({ refused }) => refused === undefined);
  const cannot = others.filter(({ refused }) => refused !== undefined);
  const pinned = others.find((each) => each.pinned);
  const boxes = checkboxes(
    'Runs of the same dataset',
    can.map((run) => ({ value: run.directory, label: about(run) })),
    picked.runs,
    () => {
      const runs = boxes.read();
      const usual = pinned && runs.includes(pinned.directory) ? pinned.directory : own;
      const still = picked.baseline === own || runs.includes(picked.baseline);
      // who ticks the pinned run wants it as the baseline
      const added = runs.find((run) => !picked.runs.includes(run));
      onPick({ runs, baseline: still && added !== pinned?.directory ? picked.baseline : usual });
    },
  );
  const named = (directory: string) =>
    directory === own ? 'this run' : nameOf(can.find((each) => each.directory === directory));
  return el(
    'div',
    { class: 'picker' },
    can.length > 0 ? el('div', { class: 'runs' }, boxes.element) : nothingToCompare(view),
    picked.runs.length > 0
      ? dropdown(
          'Baseline',
          [own, ...picked.runs].map((value) => ({ value, text: named(value) })),
          picked.baseline,
          (baseline) => {
            onPick({ runs: picked.runs, baseline });
          },
        )
      : null,
    el('div', { class: 'row' }, ...actions(view, ownPinned, reload)),
    cannot.length > 0 ? refusals(view, cannot) : null,
  );
}

function about(run: RunChoice): Child {
  const { name, types, logLikelihood, created, label, pinned } = run;
  const facts = [
    types === null ? '' : `K = ${types}`,
    logLikelihood === null ? '' : `log-likelihood ${fixed(logLikelihood, 1)}`,
    when(created),
    label,
  ];
  return el(
    'span',
    { class: 'about-run' },
    el('bdi', { dir: 'auto', class: 'strong' }, name),
    pinned ? badge('pinned') : null,
    el('span', { class: 'muted' }, facts.filter((fact) => fact !== '').join(' · ')),
  );
}

function nameOf(run: RunChoice | undefined): string {
  return run ? `${run.name}${run.pinned ? ' (pinned)' : ''} · ${when(run.created)}` : 'a run that is gone';
}

function nothingToCompare(view: View): HTMLElement {
  return el(
    'p',
    { class: 'empty' },
    `There is no other finished run of this dataset in the workspace. Train it again with something changed: “Duplicate with changes” makes an experiment of this run’s settings to edit, which “EM-DPO: Train” then starts.`,
    view.host.can('duplicate') ? '' : ' Open the run in VS Code for that.',
  );
}

function actions(view: View, isBaseline: boolean, reload: () => void): HTMLElement[] {
  const { host, snapshot } = view;
  const ask = (work: Promise<unknown>, done: string, failure: string) => {
    work.then(
      () => {
        if (done !== '') view.say(done);
        reload();
      },
      (error: unknown) => {
        view.say(`${failure}: ${sentence(error)}`);
      },
    );
  };
  const shown: HTMLElement[] = [];
  if (host.can('pin'))
    shown.push(
      button(isBaseline ? 'Unpin this run' : 'Pin this run as the baseline', 'secondary', () => {
        ask(
          host.request('pin', { run: snapshot.directory, pinned: !isBaseline }),
          isBaseline ? 'No run is pinned now.' : 'Pinned: other runs are compared with this one.',
          'The run could not be pinned',
        );
      }),
    );
  if (host.can('duplicate'))
    shown.push(
      button('Duplicate with changes', 'secondary', () => {
        ask(host.request('duplicate', {}), '', 'The run could not be duplicated');
      }),
    );
  return shown;
}

function refusals(view: View, runs: readonly RunChoice[]): HTMLElement {
  return el(
    'details',
    {},
    el('summary', {}, `${counted(runs.length, 'run')} that cannot be compared with this one`),
    el('ul', {}, ...runs.map((run) => el('li', {}, refusal(view, run)))),
  );
}

/** Why, and what to do. */
export function refusal({ snapshot }: View, { name, label, dataset, refused }: RunChoice): HTMLElement {
  const own = snapshot.manifest.dataset.path.split(/[\\/]/).at(-1) ?? '';
  const why = {
    dataset:
      dataset === own
        ? `learnt from another version of ${dataset}: its likelihoods, types and regrets are about other data. Train it again on the file as it was for this run.`
        : `learnt from ${dataset}, another dataset: its likelihoods, types and regrets are about other data. Train its settings on ${own} to compare.`,
    unfinished: 'has no result yet. Wait until it is done, or go on with it by “EM-DPO: Resume Run”.',
    damaged: 'has files that cannot be read. Put them back, or train it again.',
  };
  return el(
    'span',
    {},
    el('bdi', { dir: 'auto', class: 'strong' }, name),
    el('span', { class: 'muted' }, name === label ? ' ' : ` (${label}) `),
    refused ? why[refused] : '',
  );
}
