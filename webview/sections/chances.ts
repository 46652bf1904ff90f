import type { RunResult } from '../../src/protocol/result';
import { dropdown } from '../controls';
import { el } from '../dom';
import { chance, shorten } from '../format';
import { meter } from '../meter';
import { table } from '../table';
import { dataText } from '../text';
import { typeColour } from '../theme';
import type { View } from '../view';
import { section } from './parts';

/** How often each policy gives each response to one prompt: what policies that write no text of their own answer. */
export function chancesSection(view: View, { divides, types, regret }: RunResult): HTMLElement {
  const place = el('div', {});
  const show = (index: number) => {
    const { prompt, responses } = divides[index];
    place.replaceChildren(
      el('h3', {}, dataText(prompt, 400)),
      table(view, {
        caption: 'Probability of each response under each policy',
        captionHidden: true,
        columns: [
          { title: 'Response', heading: true, word: 'response' },
          ...types.map(({ name }, type) => ({
            title: name,
            numeric: true,
            word: 'probability' as const,
            type,
          })),
          { title: 'Fair mixture', numeric: true, word: 'weights' },
        ],
        rows: responses.map(({ text, probability }) => {
          const mixed = probability.reduce((sum, p, k) => sum + (regret.weights[k] ?? 0) * p, 0);
          return [
            { value: text, show: dataText(text, 200) },
            ...probability.map((p, k) => ({ value: p, show: odds(p, typeColour(k)) })),
            { value: mixed, show: odds(mixed, 'var(--muted)') },
          ];
        }),
      }),
    );
  };
  const chosen = Number(view.choice('try prompt') ?? 0);
  const first = chosen < divides.length ? chosen : 0;
  const pick = dropdown(
    'Prompt',
    divides.map(({ prompt }, i) => ({ value: String(i), text: shorten(prompt, 90) })),
    String(first),
    (value) => {
      view.choose('try prompt', value);
      show(Number(value));
    },
  );
  show(first);
  return section(
    'What each policy answers',
    el(
      'p',
      { class: 'note' },
      `These policies choose among a prompt’s responses and write none. The prompts are the ${divides.length} on which the types disagree most.`,
    ),
    pick,
    el('div', { class: 'divide', 'aria-live': 'polite' }, place),
  );
}

function odds(probability: number, colour: string): HTMLElement {
  return el('span', { class: 'odds' }, meter(probability, colour), el('span', {}, chance(probability)));
}
