import type { RunChoices, RunComparison } from '../../src/protocol/comparison';
import { badge } from '../controls';
import { letter } from '../compared';
import { el } from '../dom';
import { when } from '../format';
import { measuresSections } from '../sections/compare-measures';
import type { Picked } from '../sections/compare-picker';
import { comparePicker, refusal } from '../sections/compare-picker';
import { regretSection } from '../sections/compare-regret';
import { typesSections } from '../sections/compare-types';
import { section } from '../sections/parts';
import type { View } from '../view';
import { sentence } from '../view';

/** Runs of the same dataset side by side. */
export function compareTab(view: View): HTMLElement {
  const { comparison } = view.snapshot;
  return comparison ? el('div', {}, ...results(view, comparison)) : choosing(view);
}

/** Asks for the other runs, and compares those that are picked; what was picked is remembered. */
function choosing(view: View): HTMLElement {
  const picker = section(
    'Compare with',
    el('p', { class: 'empty', role: 'status' }, 'Looking for other runs…'),
  );
  const shown = el('div', { class: 'compared', 'aria-live': 'polite' });
  let latest = 0;

  const compare = async ({ runs, baseline }: Picked) => {
    const turn = ++latest;
    if (runs.length === 0) {
      shown.replaceChildren();
      return;
    }
    if (shown.childElementCount === 0)
      shown.replaceChildren(el('p', { class: 'empty', role: 'status' }, 'Comparing…'));
    try {
      const comparison = await view.host.request('compare', { with: runs, baseline });
      if (turn === latest) shown.replaceChildren(...results(view, comparison));
    } catch (error) {
      if (turn === latest)
        shown.replaceChildren(el('p', { class: 'refused', role: 'alert' }, sentence(error)));
    }
  };

  const show = (choices: RunChoices, picked: Picked, notes: readonly (string | HTMLElement)[]) => {
    view.choose('compare.runs', JSON.stringify(picked.runs));
    view.choose('compare.baseline', picked.baseline);
    const pick = (now: Picked) => {
      // the box that was ticked keeps the focus
      const focused = document.activeElement instanceof HTMLInputElement ? document.activeElement.value : '';
      show(choices, now, []);
      if (focused !== '')
        picker.querySelector<HTMLInputElement>(`input[value="${CSS.escape(focused)}"]`)?.focus();
    };
    picker.replaceChildren(
      picker.children[0],
      ...notes.map((note) => el('p', { class: 'refused', role: 'alert' }, note)),
      comparePicker(view, choices, picked, pick, () => void load(picked)),
    );
    void compare(picked);
  };

  const load = async (before?: Picked) => {
    try {
      const choices = await view.host.request('runs', {});
      const { picked, notes } = before ? { picked: before, notes: [] } : firstPick(view, choices);
      show(choices, picked, notes);
    } catch (error) {
      picker.replaceChildren(
        picker.children[0],
        el('p', { class: 'refused', role: 'alert' }, sentence(error)),
      );
    }
  };

  void load();
  return el('div', {}, picker, shown);
}

/** What the panel was opened for, else what was picked last, else the pinned run. */
function firstPick(view: View, { others }: RunChoices): { picked: Picked; notes: (string | HTMLElement)[] } {
  const own = view.snapshot.directory;
  const { compareWith } = view.snapshot;
  const pinned = others.find((run) => run.pinned && run.refused === undefined)?.directory;
  const wanted = compareWith ?? remembered(view) ?? (pinned === undefined ? [] : [pinned]);
  const known = wanted.flatMap((directory) => others.find((run) => run.directory === directory) ?? []);
  const runs = known.filter(({ refused }) => refused === undefined).map(({ directory }) => directory);
  const before = compareWith ? undefined : view.choice('compare.baseline');
  const usual = pinned !== undefined && runs.includes(pinned) ? pinned : own;
  const gone = wanted.length - known.length;
  return {
    picked: { runs, baseline: before !== undefined && [own, ...runs].includes(before) ? before : usual },
    notes: [
      ...known.filter(({ refused }) => refused !== undefined).map((run) => refusal(view, run)),
      ...(gone > 0
        ? [gone === 1 ? 'A run chosen before is gone.' : `${gone} runs chosen before are gone.`]
        : []),
    ],
  };
}

function remembered(view: View): string[] | undefined {
  try {
    const kept: unknown = JSON.parse(view.choice('compare.runs') ?? '');
    const known = Array.isArray(kept) ? kept.filter((each) => typeof each === 'string') : [];
    return known.length > 0 ? known : undefined;
  } catch {
    return undefined;
  }
}

function results(view: View, comparison: RunComparison): HTMLElement[] {
  return [
    section('The runs', key(view, comparison)),
    ...measuresSections(view, comparison),
    ...typesSections(view, comparison),
    regretSection(view, comparison),
  ];
}

/** Which letter is which run. */
function key(view: View, { runs, baseline }: RunComparison): HTMLElement {
  const own = view.snapshot.directory;
  return el(
    'ul',
    { class: 'key' },
    ...runs.map(({ name, label, directory, created, pinned }, i) => {
      const shown = el('bdi', { dir: 'auto' }, name);
      const link = el('button', { type: 'button', class: 'plain link' }, shown);
      link.addEventListener('click', () => {
        view.host.request('openRun', { run: directory }).catch((error: unknown) => {
          view.say(`The run could not be shown: ${sentence(error)}`);
        });
      });
      const isOwn = directory === own || label === own;
      return el(
        'li',
        {},
        el('strong', { class: 'letter' }, letter(i)),
        el('span', {}, isOwn || !view.host.can('openRun') ? el('span', { class: 'strong' }, shown) : link),
        isOwn ? badge('this run') : null,
        i === baseline ? badge('baseline') : null,
        pinned ? badge('pinned') : null,
        el('span', { class: 'muted' }, `${when(created)} · ${label}`),
      );
    }),
  );
}
