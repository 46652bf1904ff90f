import type { DividingPrompt, RunResult, TypeSummary } from '../../src/protocol/result';
import { el } from '../dom';
import { chance, counted, nats } from '../format';
import { meter } from '../meter';
import { exportTools, table } from '../table';
import { term } from '../term';
import { dataText } from '../text';
import { typeColour } from '../theme';
import type { View } from '../view';
import { section } from './parts';

const FIRST_PROMPTS = 4;

/** The prompts on which the types disagree most, with every response by type. */
export function dividesSection(view: View, { divides, types }: RunResult): HTMLElement {
  const list = el('div', {});
  const add = (some: readonly DividingPrompt[]) => {
    list.append(...some.map((d) => dividingPrompt(view, d, types)));
  };
  add(divides.slice(0, FIRST_PROMPTS));
  const rest = divides.slice(FIRST_PROMPTS);
  const more = el(
    'button',
    { type: 'button', class: 'plain' },
    `Show ${counted(rest.length, 'more prompt')}`,
  );
  more.addEventListener('click', () => {
    add(rest);
    more.remove();
  });
  return section(
    'What divides them',
    el(
      'p',
      { class: 'note' },
      'Prompts on which the types’ policies disagree most, by ',
      term('divergence', 'divergence'),
      '.',
    ),
    list,
    rest.length > 0 ? more : null,
    exportTools(view, allPrompts(divides, types)),
  );
}

/** Every prompt and response in one table, to take along. */
function allPrompts(divides: readonly DividingPrompt[], types: readonly TypeSummary[]) {
  return {
    caption: 'What divides the types',
    columns: [
      { title: 'Prompt', heading: true, word: 'prompt' as const },
      { title: 'Divergence', numeric: true, word: 'divergence' as const },
      { title: 'Response', word: 'response' as const },
      ...types.map(({ name }) => ({ title: name, numeric: true, word: 'probability' as const })),
    ],
    rows: divides.flatMap(({ prompt, divergence, responses }) =>
      responses.map(({ text, probability }) => [
        prompt,
        { value: divergence, show: nats(divergence) },
        text,
        ...probability.map((value) => ({ value, show: chance(value) })),
      ]),
    ),
  };
}

function dividingPrompt(
  view: View,
  { prompt, divergence, responses }: DividingPrompt,
  types: readonly TypeSummary[],
): HTMLElement {
  return el(
    'article',
    { class: 'divide' },
    el('h3', {}, dataText(prompt, 140), el('span', { class: 'muted number' }, `${nats(divergence)} nats`)),
    table(view, {
      caption: 'Probability of each response by type',
      captionHidden: true,
      csv: false,
      columns: [
        { title: 'Response', heading: true, word: 'response' },
        ...types.map((t, type) => ({ title: t.name, numeric: true, type, word: 'probability' as const })),
      ],
      rows: responses.map(({ text, probability }) => [
        { value: text, show: dataText(text, 120) },
        ...probability.map((p, k) => ({
          value: p,
          show: el('span', { class: 'odds' }, meter(p, typeColour(k)), el('span', {}, chance(p))),
        })),
      ]),
    }),
  );
}
