import type { PosteriorTable } from '../../src/protocol/panel';
import type {
  DividingPrompt,
  KnownTypeAgreement,
  ResponseOpinion,
  RunResult,
  TypeSummary,
} from '../../src/protocol/result';
import { coefficientRows, coefficientsChart, coefficientsHeight } from '../charts/coefficients';
import { entropyHistogram } from '../charts/entropy';
import { dominant, orderAnnotators, posteriorMap } from '../charts/posterior-map';
import { sharesChart, sharesHeight } from '../charts/shares';
import { el } from '../dom';
import { figure } from '../figure';
import { chance, counted, fixed, integer, nats, percent, signed } from '../format';
import { swatch, table } from '../table';
import { term } from '../term';
import { dataText } from '../text';
import { typeColour } from '../theme';
import type { View } from '../view';
import { withoutResult } from './empty';
import { facts, section } from './parts';

/** Who the types are, what each wants, and what divides them. */
export function typesTab(view: View): HTMLElement {
  const { result, posterior } = view.snapshot;
  if (!result) return withoutResult(view.snapshot);
  return el(
    'div',
    {},
    sharesSection(view, result),
    wantsSection(result),
    result.divides.length > 0 ? dividesSection(view, result) : null,
    result.types.some((t) => t.coefficients && t.coefficients.length > 0)
      ? coefficientsSection(view, result.types)
      : null,
    posterior && posterior.annotators.length > 0
      ? annotatorsSection(
          view,
          posterior,
          result.types.map((t) => t.name),
        )
      : null,
    result.known
      ? knownSection(
          view,
          result.known,
          result.types.map((t) => t.name),
        )
      : null,
  );
}

function sharesSection(view: View, { types, posterior, fit }: RunResult): HTMLElement {
  const chart = figure(view, {
    title: 'Share of each type',
    word: 'share',
    height: sharesHeight(types.length),
    draw: (width) => sharesChart(types, width),
    numbers: () => ({
      caption: 'Share of each type',
      columns: [
        { title: 'Type', heading: true },
        { title: 'Share', numeric: true, word: 'share' },
        { title: 'Annotators', numeric: true, word: 'members' },
      ],
      rows: types.map((t) => [t.name, { value: t.share, show: percent(t.share, 2) }, t.annotators]),
    }),
  });
  return section(
    'How many, and how large',
    facts([
      { word: 'effectiveTypes', value: fixed(posterior.effectiveTypes, 2), note: `of ${fit.types}` },
      {
        word: 'certain',
        value: percent(posterior.certain / fit.annotators, 0),
        note: `${integer(posterior.certain)} of ${counted(fit.annotators, 'annotator')}`,
      },
      { word: 'entropy', value: nats(posterior.meanEntropy), note: 'nats, mean over annotators' },
    ]),
    chart.element,
  );
}

function wantsSection({ types, known }: RunResult): HTMLElement {
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

/** A bar of a probability, with a tick at the reference where given. The number stands beside it. */
function meter(probability: number, colour: string, reference?: number): HTMLElement {
  const bar = el('span', { class: 'bar' });
  bar.style.width = `${Math.max(0, Math.min(1, probability)) * 100}%`;
  bar.style.background = colour;
  const frame = el('span', { class: 'meter', 'aria-hidden': 'true' }, bar);
  if (reference !== undefined) {
    const tick = el('span', { class: 'tick' });
    tick.style.left = `${Math.max(0, Math.min(1, reference)) * 100}%`;
    frame.append(tick);
  }
  return frame;
}

const FIRST_PROMPTS = 4;

function dividesSection(view: View, { divides, types }: RunResult): HTMLElement {
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
  );
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
        { title: 'Response', heading: true },
        ...types.map((t, type) => ({ title: t.name, numeric: true, type })),
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

const FIRST_COEFFICIENTS = 20;

function coefficientsSection(view: View, types: readonly TypeSummary[]): HTMLElement {
  const rows = coefficientRows(types);
  const shown = rows.slice(0, FIRST_COEFFICIENTS);
  const chart = figure(view, {
    title: 'Coefficients by type',
    word: 'coefficient',
    note:
      rows.length > shown.length
        ? `The ${shown.length} of ${integer(rows.length)} on which the types differ most; all are in the numbers.`
        : 'Those on which the types differ most come first.',
    height: coefficientsHeight(shown.length),
    legend: types.map((t) => t.name),
    draw: (width) => coefficientsChart(shown, width),
    numbers: () => ({
      caption: 'Coefficients by type',
      columns: [
        { title: 'Name', heading: true },
        ...types.map((t, type) => ({ title: t.name, numeric: true, type })),
      ],
      rows: rows.map(({ name, values }) => [
        { value: name, show: el('bdi', { dir: 'auto' }, name) },
        ...values.map((v) => (v === undefined ? null : { value: v, show: nats(v) })),
      ]),
    }),
  });
  return section('What the coefficients say', chart.element);
}

const FIRST_ANNOTATORS = 100;

function annotatorsSection(view: View, posterior: PosteriorTable, names: readonly string[]): HTMLElement {
  const { annotators, gamma, entropy, types, total } = posterior;
  const histogram = figure(view, {
    title: 'How surely annotators are placed',
    word: 'entropy',
    note: 'Annotators by the entropy of their posterior. All at the left: every one is placed surely.',
    height: 170,
    draw: (width) => entropyHistogram(entropy, types, width),
  });
  const order = orderAnnotators(posterior);
  const list = el('details', { class: 'numbers' }, el('summary', {}, 'Annotators one by one'));
  const row = (h: number) => [
    { value: annotators[h], show: el('bdi', { dir: 'auto' }, annotators[h]) },
    names[dominant(gamma, types, h)],
    ...names.map((_, k) => ({
      value: gamma[h * types + k],
      show: percent(gamma[h * types + k]),
      tint: tint(gamma[h * types + k], k),
    })),
    { value: entropy[h], show: nats(entropy[h]) },
  ];
  let count = Math.min(FIRST_ANNOTATORS, order.length);
  const show = () => {
    const shown = table(view, {
      caption: `Posterior of ${integer(count)} of ${counted(order.length, 'annotator')}`,
      columns: [
        { title: 'Annotator', heading: true },
        { title: 'Type' },
        ...names.map((title, type) => ({ title, numeric: true, type })),
        { title: 'Entropy', numeric: true, word: 'entropy' as const },
      ],
      rows: order.slice(0, count).map(row),
    });
    list.replaceChildren(list.children[0], shown);
    if (count < order.length) {
      const next = Math.min(order.length, count * 4);
      const more = el('button', { type: 'button', class: 'plain' }, `Show ${integer(next)}`);
      more.addEventListener('click', () => {
        count = next;
        show();
      });
      list.append(more);
    }
  };
  list.addEventListener('toggle', () => {
    if (list.open && list.children.length === 1) show();
  });
  return section(
    'Who is in them',
    total > annotators.length
      ? el(
          'p',
          { class: 'note' },
          `The first ${integer(annotators.length)} of ${integer(total)} annotators; posterior.csv in the run directory holds all.`,
        )
      : null,
    el('h3', {}, term('posterior', 'Posterior of each annotator')),
    el('p', { class: 'note' }, 'A column an annotator, ordered by type; the stronger the colour, the surer.'),
    posteriorMap(posterior, names),
    list,
    histogram.element,
  );
}

const tint = (amount: number, type: number) =>
  `color-mix(in srgb, ${typeColour(type)} ${Math.round(amount * 30)}%, transparent)`;

function knownSection(
  view: View,
  { names: known, accuracy, adjustedRand, confusion }: KnownTypeAgreement,
  names: readonly string[],
): HTMLElement {
  const largest = Math.max(1, ...confusion.flat());
  return section(
    'Against the types that the dataset names',
    facts([
      { word: 'accuracy', value: percent(accuracy) },
      { word: 'adjustedRand', value: fixed(adjustedRand, 3) },
    ]),
    table(view, {
      caption: 'Annotators by known type (rows) and found type (columns)',
      columns: [
        { title: 'Known type', heading: true },
        ...names.map((title, type) => ({ title, numeric: true, type })),
      ],
      rows: confusion.map((counts, i) => [
        { value: known[i], show: el('bdi', { dir: 'auto' }, known[i]) },
        ...counts.map((n) => ({
          value: n,
          show: integer(n),
          tint: n > 0 ? accentTint(n / largest) : undefined,
        })),
      ]),
    }),
  );
}

const accentTint = (amount: number) =>
  `color-mix(in srgb, var(--accent) ${Math.round(amount * 30)}%, transparent)`;
