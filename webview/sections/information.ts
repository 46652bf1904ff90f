import type {
  AnnotatorKind,
  DesignInformation,
  OpenDirection,
  ValidationReport,
} from '../../src/protocol/validation';
import type { SpectrumPoint } from '../charts/spectrum';
import { spectrumChart } from '../charts/spectrum';
import { dropdown } from '../controls';
import { el } from '../dom';
import { figure } from '../figure';
import { counted, integer, list, percent, scientific } from '../format';
import { placeLink } from '../place-link';
import { table } from '../table';
import { term } from '../term';
import type { View } from '../view';
import { empty } from './empty';
import { section } from './parts';

const pointNames = { generic: 'random wishes', symmetric: 'hardest case' } as const;

/** What the design says about the parameters: its spectrum, and what is left open. */
export function informationSection(view: View, { design }: ValidationReport): HTMLElement {
  const title = 'Information in the design';
  if (design.length === 0)
    return section(
      title,
      empty(
        'Not computed: the parameters are too many, or no record decides anything. Ask for fewer types, or give items or features.',
      ),
    );
  const wanted = view.choice('spectrum');
  const types = view.snapshot.result?.fit.types ?? view.snapshot.manifest.experiment.types;
  const key = (d: DesignInformation) => `${d.types} ${d.at}`;
  let chosen =
    design.find((d) => key(d) === wanted) ??
    design.find((d) => d.types === types) ??
    design[design.length - 1];
  const spectrum = figure(view, {
    title: 'Spectrum',
    word: 'spectrum',
    note: 'A dot a direction, least known first. Each step down the scale is ten times less information.',
    height: 250,
    draw: (width) => spectrumChart(pointsOf(chosen), chosen.parameters, width),
    numbers: () => ({
      caption: 'Eigenvalues of the information matrix',
      columns: [
        { title: 'Direction', heading: true, numeric: true, word: 'spectrum' },
        { title: 'Per annotator', numeric: true, word: 'eigenvalue' },
        { title: 'Of all annotators', numeric: true, word: 'spectrum' },
        { title: 'Known to ±', numeric: true, word: 'along' },
      ],
      rows: pointsOf(chosen).map(({ place, value, open }, i) => [
        place,
        { value: chosen.eigenvalues[i], show: open ? '0' : scientific(chosen.eigenvalues[i]) },
        { value: open ? 0 : value, show: open ? '0' : scientific(value) },
        open
          ? { value: null, show: 'open' }
          : { value: 1 / Math.sqrt(value), show: scientific(1 / Math.sqrt(value)) },
      ]),
    }),
  });
  const meaning = el('div', { class: 'directions', 'aria-live': 'polite' });
  const show = () => {
    meaning.replaceChildren(directions(view, chosen));
  };
  show();
  const pick =
    design.length > 1
      ? dropdown(
          'At',
          design.map((d) => ({ value: key(d), text: `${counted(d.types, 'type')}, ${pointNames[d.at]}` })),
          key(chosen),
          (value) => {
            chosen = design.find((d) => key(d) === value) ?? chosen;
            view.choose('spectrum', value);
            spectrum.redraw();
            show();
          },
        )
      : null;
  return section(
    title,
    el(
      'p',
      { class: 'note' },
      'What annotators asked as these were can tell, computed for wishes drawn at random and for the hardest case: equal shares, two types wanting the opposite.',
    ),
    overview(view, design),
    pick,
    el('div', { class: 'charts' }, spectrum.element, meaning),
  );
}

function overview(view: View, design: readonly DesignInformation[]): HTMLElement {
  return table(view, {
    caption: 'Fisher information of the design',
    captionHidden: true,
    columns: [
      { title: 'Types', heading: true, numeric: true, word: 'types' },
      { title: 'At', word: 'designPoint' },
      { title: 'Rank', numeric: true, word: 'rank' },
      { title: 'Parameters', numeric: true, word: 'parameters' },
      { title: 'Smallest eigenvalue', numeric: true, word: 'eigenvalue' },
      { title: 'Condition', numeric: true, word: 'condition' },
      { title: 'Error of shares', numeric: true, word: 'shareError' },
    ],
    rows: design.map((d) => [
      d.types,
      pointNames[d.at],
      d.rank,
      d.parameters,
      { value: d.smallestEigenvalue, show: scientific(d.smallestEigenvalue) },
      d.condition === null
        ? { value: null, show: 'singular' }
        : { value: d.condition, show: scientific(d.condition) },
      d.standardErrors === null
        ? { value: null, show: 'unbounded' }
        : d.standardErrors.shares.length === 0
          ? null
          : {
              value: Math.max(...d.standardErrors.shares),
              show: `± ${percent(Math.max(...d.standardErrors.shares))}`,
            },
    ]),
  });
}

/** Of a large matrix only the ends are known: the last value is the largest. */
function pointsOf({ eigenvalues, parameters, rank, method, ...d }: DesignInformation): SpectrumPoint[] {
  const people = d.smallestEigenvalue > 0 ? d.smallestEigenvalueOfAll / d.smallestEigenvalue : undefined;
  const open = parameters - rank;
  return eigenvalues.map((value, i) => ({
    place: method !== 'full' && i === eigenvalues.length - 1 ? parameters : i + 1,
    value: value * (people ?? 1),
    open: i < open,
  }));
}

function directions(view: View, d: DesignInformation): HTMLElement {
  const open = d.parameters - d.rank;
  const heading =
    open > 0 ? `Open: ${counted(open, 'direction')} of ${integer(d.parameters)}` : 'Known least';
  const said =
    open > 0
      ? 'However many annotators answer these questions, the rankings would look the same along these directions. The fit chooses among them by its prior and its start alone.'
      : 'No direction is open. This one takes the most annotators to know:';
  const list =
    d.open?.map((each) => openItem(view, each)) ?? d.directions.map((each) => el('li', {}, dataLine(each)));
  return el(
    'div',
    {},
    el('h3', {}, term('direction', heading)),
    el('p', { class: 'note' }, said),
    list.length > 0 ? el('ul', {}, ...list) : null,
    d.method === 'full' ? null : el('p', { class: 'note' }, methodNotes[d.method]),
    d.exact
      ? null
      : el('p', { class: 'note' }, `Estimated from ${counted(d.outcomes, 'outcome')} drawn at random.`),
  );
}

const dataLine = (sentence: string) => el('bdi', { dir: 'auto' }, capital(sentence));
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const methodNotes: Record<DesignInformation['method'], string> = {
  full: '',
  blocks: 'The matrix is large: the ends of its spectrum are shown. The rank is exact.',
  factored: 'The matrix is large: only the ends of its spectrum were computed.',
  lanczos:
    'The matrix is too large to form: its ends are known, and the smallest eigenvalue may be smaller still.',
};

const kindNames: Record<AnnotatorKind['kind'], string> = {
  'one-pair': 'one pair each',
  'one-favourite': 'one favourite each',
  'one-ranking': 'one ranking each',
  pairs: 'several pairs each',
  favourites: 'several favourites each',
  rankings: 'several rankings each',
};

function openItem(view: View, open: OpenDirection): HTMLElement {
  const who = open.annotators.map(
    ({ kind, count }) => `${counted(count, 'annotator')} with ${kindNames[kind]}`,
  );
  return el(
    'li',
    {},
    dataLine(open.message),
    open.directions > 1 ? ` (${counted(open.directions, 'direction')})` : '',
    '.',
    who.length > 0 ? el('p', { class: 'note' }, `Judged by ${list(who)}.`) : null,
    open.positions.length > 0
      ? el(
          'p',
          { class: 'places' },
          'For example ',
          ...open.positions.slice(0, 4).flatMap((place, i) => [i > 0 ? ', ' : '', placeLink(view, place)]),
        )
      : null,
  );
}
