import type { KnownTypeAgreement, ResponseOpinion, RunResult } from '../../src/protocol/result';
import { el } from '../dom';
import { chance, integer, percent, signed } from '../format';
import { meter } from '../meter';
import { swatch } from '../table';
import { term } from '../term';
import { dataText } from '../text';
import { typeColour } from '../theme';
import { section } from './parts';

/** The responses that each type likes most and least. */
export function wantsSection({ types, known, fit }: RunResult): HTMLElement {
  return section(
    'What each type wants',
    el(
      'p',
      { class: 'note' },
      term('probability', 'Probability'),
      ' of the response under the type’s policy, under the ',
      term('reference', 'reference'),
      ' (the tick), and the ',
      term('reward', 'reward'),
      ' that the type gives it.',
      fit.policy === 'transformer'
        ? ' Language models can write anything; these are probabilities among the responses that the dataset has for the prompt, by implicit reward.'
        : null,
    ),
    el(
      'div',
      { class: 'cards' },
      ...types.map((type, k) =>
        el(
          'article',
          { class: 'type' },
          el(
            'h3',
            {},
            swatch(k),
            el('bdi', { dir: 'auto' }, type.name),
            el('span', { class: 'muted number' }, percent(type.share)),
          ),
          known ? knownAs(known, k) : null,
          opinions('Likes most', type.liked, k),
          opinions('Likes least', type.disliked, k),
        ),
      ),
    ),
  );
}

/** The known type that most annotators of a found type have. */
function knownAs({ names, confusion }: KnownTypeAgreement, type: number): HTMLElement | null {
  const column = confusion.map((row) => row[type]);
  const most = Math.max(...column);
  if (!(most > 0)) return null;
  const all = column.reduce((sum, n) => sum + n, 0);
  const name = el('bdi', { dir: 'auto' }, names[column.indexOf(most)]);
  return el('p', { class: 'note' }, `${integer(most)} of ${integer(all)} are known as “`, name, '”');
}

const OPINIONS = 3;

function opinions(title: string, list: readonly ResponseOpinion[], type: number): HTMLElement {
  const items = el('ol', { class: 'opinions' });
  const add = (some: readonly ResponseOpinion[]) => {
    items.append(...some.map((opinion) => opinionItem(opinion, type)));
  };
  add(list.slice(0, OPINIONS));
  const rest = list.slice(OPINIONS);
  const more = el('button', { type: 'button', class: 'plain more' }, `${rest.length} more`);
  more.addEventListener('click', () => {
    add(rest);
    more.remove();
  });
  return el(
    'div',
    {},
    el('h4', {}, title),
    list.length > 0 ? items : el('p', { class: 'muted' }, 'Nothing stands out.'),
    rest.length > 0 ? more : null,
  );
}

function opinionItem(
  { prompt, response, probability, reference, reward }: ResponseOpinion,
  type: number,
): HTMLElement {
  return el(
    'li',
    {},
    el('div', { class: 'said' }, dataText(response, 150)),
    el('div', { class: 'asked muted' }, 'to: ', dataText(prompt, 80)),
    el(
      'div',
      { class: 'odds' },
      meter(probability, typeColour(type), reference),
      el('span', { class: 'number' }, chance(probability)),
      el(
        'span',
        { class: 'muted number' },
        `reference ${chance(reference)} · reward\u00a0${signed(reward, 2)}`,
      ),
    ),
  );
}
