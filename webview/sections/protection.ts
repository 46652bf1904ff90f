import type { RunResult } from '../../src/protocol/result';
import { multiply } from '../../src/regret/matrix';
import { reweigh } from '../../src/regret/reweigh';
import { simplexChart, simplexHeight } from '../charts/simplex';
import type { MarkedMix } from '../charts/simplex';
import { VALUE_CURVE_HEIGHT, valueCurve } from '../charts/value-curve';
import { button } from '../controls';
import type { Child } from '../dom';
import { el } from '../dom';
import { slider } from '../fields';
import type { Figure } from '../figure';
import { figure } from '../figure';
import { list, nats, natsAlike, percent } from '../format';
import { choose, worstOffNames } from '../regret-words';
import { swatch, table } from '../table';
import type { TableOptions } from '../table';
import { term } from '../term';
import type { View } from '../view';
import { copy } from '../view';
import { section } from './parts';

const CHOICE = 'protection';
const STEP = 0.25;
const MOST = 5;

/** Sliders of the protection weights; the fairest mixture is solved again, exactly, whenever one moves. */
export function protectionSection(view: View, result: RunResult): HTMLElement {
  const { regret, types } = result;
  const most = Math.max(MOST, ...regret.protection.map(Math.ceil));
  let wanted = remembered(view.choice(CHOICE), regret.protection, most);
  let solved = reweigh(regret.matrix, regret.protection, wanted);

  const words = el('output', { class: 'solved' });
  const numbers = el('div', {});
  const setting = el('code', {});
  const map = mixtureFigure(view, result, () => solved);
  const show = () => {
    words.replaceChildren(...solvedSentence(result, solved, wanted));
    numbers.replaceChildren(table(view, solvedTable(result, solved, wanted)));
    setting.textContent = `"aggregate": { "protection": [${wanted.join(', ')}] }`;
    map?.redraw();
  };
  const solve = () => {
    solved = reweigh(regret.matrix, regret.protection, wanted);
    view.choose(CHOICE, wanted.join());
    show();
  };
  const sliders = types.map(({ name }, k) =>
    regret.protection[k] === 0
      ? undefined
      : slider(
          el('span', {}, swatch(k), el('bdi', { dir: 'auto' }, name)),
          wanted[k],
          { min: 0, max: most, step: STEP },
          (value) => {
            wanted = wanted.map((c, j) => (j === k ? value : c));
            solve();
          },
        ),
  );
  const reset = button('As in this run', 'secondary', () => {
    wanted = [...regret.protection];
    sliders.forEach((each, k) => each?.write(String(wanted[k])));
    solve();
  });
  const copySetting = el(
    'button',
    { type: 'button', class: 'plain tool', onclick: () => void copy(view, setting.textContent) },
    'Copy',
  );
  show();
  return section(
    'If a type were protected more',
    el(
      'p',
      { class: 'note' },
      'A ',
      term('protection', 'protection weight'),
      ' multiplies a type’s regret. Move one: the fairest mixture is solved again here, as a run would solve it. Types and their policies stay as they are, and so do the log-linear and distilled candidates above.',
    ),
    el(
      'div',
      { class: 'protect' },
      el(
        'div',
        {},
        el(
          'fieldset',
          { class: 'field' },
          el('legend', {}, 'Protection of'),
          ...sliders.map((s) => s?.element),
        ),
        fixedTypes(result),
        el('div', { class: 'row' }, reset),
        words,
        el('p', { class: 'note' }, 'To train with these weights: ', setting, ' ', copySetting),
      ),
      map?.element,
    ),
    numbers,
  );
}

/** A type that the run gave weight 0 has no regrets in the result to weigh anew. */
function fixedTypes({ regret, types }: RunResult): Child {
  const fixed = types.filter((_, k) => regret.protection[k] === 0).map(({ name }) => name);
  if (fixed.length === 0) return null;
  return el(
    'p',
    { class: 'note' },
    `This run gave ${list(fixed)} protection 0, and keeps no regrets to weigh. Train with a weight above 0 to move it here.`,
  );
}

/** The weights that were chosen before, where they still fit. */
function remembered(choice: string | undefined, protection: readonly number[], most: number): number[] {
  const given = choice?.split(',').map(Number) ?? [];
  const fits =
    given.length === protection.length &&
    given.every((c, k) => c >= 0 && c <= most && (protection[k] > 0 || c === 0));
  return fits ? given : [...protection];
}

type Solved = ReturnType<typeof reweigh>;

function solvedSentence(
  { types, regret }: RunResult,
  solved: Solved,
  wanted: readonly number[],
): (Node | string)[] {
  const drawn = types
    .map(({ name }, k) => ({ name, weight: solved.weights[k] }))
    .filter(({ weight }) => weight >= 0.0005);
  const counted = multiply(solved.matrix, solved.weights);
  const worst = worstOffNames({ name: '', kind: 'mixture', regret: counted, worst: solved.value }, types);
  const moved = wanted.some((c, k) => c !== regret.protection[k]);
  const weighed = wanted.some((c) => c !== 1);
  return [
    el('strong', {}, moved ? 'With these weights' : 'In this run'),
    ` the fairest mixture answers with ${list(drawn.map(({ name, weight }) => `the policy of ${name} for ${percent(weight)}`))} of the prompts. `,
    solved.value === 0
      ? 'No type loses anything.'
      : `Worst off: ${worst}, at ${nats(solved.value)} nats${weighed ? ' times their weights' : ''}.`,
  ];
}

function solvedTable(result: RunResult, solved: Solved, wanted: readonly number[]): TableOptions {
  const { types, regret } = result;
  const { plain } = choose(result, 'mixture');
  /** Regrets before weighting; none of a type that counted 0. */
  const bare = (values: readonly number[]) =>
    values.map((value, k) => (regret.protection[k] === 0 ? null : value / regret.protection[k]));
  const now = bare(multiply(regret.matrix, solved.weights));
  const before = bare(multiply(regret.matrix, regret.weights));
  const under = plain ? bare(plain.regret) : [];
  const shown = natsAlike([...now, ...before, ...under].map((value) => value ?? 0));
  const cell = (value: number | null) => (value === null ? null : { value, show: shown(value) });
  return {
    caption: 'The fairest mixture with these protection weights, by type; regrets in nats, before weighting',
    columns: [
      { title: 'Type', heading: true, word: 'typeName' },
      { title: 'Protection', numeric: true, word: 'protection' },
      { title: 'Fair weight', numeric: true, word: 'weights' },
      { title: 'In the run', numeric: true, word: 'weights' },
      { title: 'Adversary', numeric: true, word: 'adversary' },
      { title: 'Regret', numeric: true, word: 'regret' },
      { title: 'In the run', numeric: true, word: 'regret' },
      ...(plain ? [{ title: 'Under plain DPO', numeric: true, word: 'plainDpo' as const }] : []),
    ],
    rows: types.map(({ name }, k) => [
      { value: name, show: el('span', {}, swatch(k), el('bdi', { dir: 'auto' }, name)) },
      wanted[k],
      { value: solved.weights[k], show: percent(solved.weights[k]) },
      { value: regret.weights[k], show: percent(regret.weights[k]) },
      { value: solved.adversary[k], show: percent(solved.adversary[k]) },
      cell(now[k]),
      cell(before[k]),
      ...(plain ? [cell(under[k])] : []),
    ]),
  };
}

/** Every mixture of two or three policies at once; more types have no plane to be drawn in. */
function mixtureFigure(view: View, { types, regret }: RunResult, solved: () => Solved): Figure | undefined {
  const names = types.map((t) => t.name);
  const differs = () => regret.weights.some((w, k) => Math.abs(w - solved().weights[k]) > 0.01);
  const marks = (): MarkedMix[] => [
    { name: 'even', weights: names.map(() => 1 / names.length) },
    ...(differs() ? [{ name: 'this run', weights: regret.weights }] : []),
    { name: 'fairest', weights: solved().weights, strong: true },
  ];
  const numbers = () => mixtureNumbers(names, solved().matrix, marks());
  if (names.length === 2)
    return figure(view, {
      title: 'Every mixture of the two policies',
      word: 'value',
      note: 'A line is a type’s regret. The fairest mixture is where the upper one is lowest.',
      height: VALUE_CURVE_HEIGHT,
      draw: (width) => valueCurve(solved().matrix, names, solved().weights[1], width),
      numbers,
    });
  if (names.length === 3)
    return figure(view, {
      title: 'Every mixture of the three policies',
      word: 'value',
      note: 'Colour: the type that is worst off there. The stronger, the more it loses.',
      height: simplexHeight(420),
      legend: names,
      draw: (width) => simplexChart(solved().matrix, names, marks(), width),
      numbers,
    });
  return undefined;
}

function mixtureNumbers(
  names: readonly string[],
  matrix: Solved['matrix'],
  marks: readonly MarkedMix[],
): TableOptions {
  const rows = [
    ...names.map((name, k) => ({ name: `only ${name}`, weights: names.map((_, j) => (j === k ? 1 : 0)) })),
    ...marks,
  ].map((mix) => ({ ...mix, regret: multiply(matrix, mix.weights) }));
  const shown = natsAlike(rows.flatMap(({ regret }) => regret));
  return {
    caption: 'Regret of every type under mixtures of the policies, in nats times protection',
    columns: [
      { title: 'Mixture', heading: true, word: 'mixture' as const },
      ...names.map((title, type) => ({
        title: `weight of ${title}`,
        numeric: true,
        type,
        word: 'mixture' as const,
      })),
      ...names.map((title, type) => ({
        title: `regret of ${title}`,
        numeric: true,
        type,
        word: 'regret' as const,
      })),
      { title: 'Worst', numeric: true, word: 'worst' as const },
    ],
    rows: rows.map(({ name, weights, regret }) => [
      name,
      ...weights.map((value) => ({ value, show: percent(value) })),
      ...regret.map((value) => ({ value, show: shown(value) })),
      { value: Math.max(...regret), show: shown(Math.max(...regret)) },
    ]),
  };
}
