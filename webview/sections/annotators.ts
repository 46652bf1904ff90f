import type { PosteriorTable } from '../../src/protocol/panel';
import type { TypeSummary } from '../../src/protocol/result';
import type { SwitchingAnnotator } from '../../src/protocol/stability';
import { crowdOf } from '../annotators/crowd';
import type { Crowd } from '../annotators/crowd';
import { createPointer } from '../annotators/pointer';
import type { Pointer } from '../annotators/pointer';
import { entropyHistogram } from '../charts/entropy';
import { posteriorMap } from '../charts/posterior-map';
import { ternaryChart, ternaryHeight } from '../charts/ternary';
import { el } from '../dom';
import { figure } from '../figure';
import { integer, percent, shorten } from '../format';
import { term } from '../term';
import type { View } from '../view';
import { annotatorCard } from './annotator';
import { annotatorList } from './annotator-list';
import { section } from './parts';

/** Who belongs to which type, and how surely; whoever is chosen is shown one by one. */
export function annotatorsSection(
  view: View,
  posterior: PosteriorTable,
  types: readonly TypeSummary[],
  switching: readonly SwitchingAnnotator[],
): HTMLElement {
  const crowd = crowdOf(
    posterior,
    types.map(({ name }) => name),
  );
  const pointer = createPointer();
  const { annotators, entropy, total } = posterior;
  const histogram = figure(view, {
    title: 'How surely annotators are placed',
    word: 'entropy',
    note: 'Annotators by the entropy of their posterior. All at the left: every one is placed surely.',
    height: 170,
    draw: (width) => entropyHistogram(entropy, posterior.types, width),
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
    posteriorMap(crowd, pointer),
    readout(crowd, pointer),
    crowd.types === 3 ? triangle(view, crowd, types, pointer) : null,
    annotatorCard(view, crowd, pointer, switching),
    annotatorList(view, crowd, pointer),
    histogram.element,
  );
}

/** Says who is pointed at, for all charts. */
function readout({ annotators, gamma, names, types }: Crowd, pointer: Pointer): HTMLElement {
  const words = el(
    'p',
    { class: 'note readout', 'aria-live': 'polite' },
    'Point at a column to read one annotator; a click shows their records.',
  );
  pointer.onRead((h) => {
    const shares = names.map((name, k) => `${name} ${percent(gamma[h * types + k])}`).join(' · ');
    words.replaceChildren(
      el('bdi', { class: 'strong', dir: 'auto' }, shorten(annotators[h], 60)),
      ` · ${shares}`,
    );
  });
  return words;
}

function triangle(view: View, crowd: Crowd, types: readonly TypeSummary[], pointer: Pointer): HTMLElement {
  const label = `Posteriors of ${crowd.order.length} annotators in a triangle with a type in each corner. Left and right arrow keys read one annotator at a time; Enter shows their records. The list of annotators below has the same.`;
  let follow = () => {
    // nothing is drawn yet
  };
  const move = () => {
    follow();
  };
  pointer.onRead(move);
  pointer.onChoose(move);
  return figure(view, {
    title: 'Between the types',
    word: 'ternary',
    note: 'The nearer to a corner, the surer of that type. The area of a dot is the number of annotators there; the cross marks the shares; beyond a dashed line annotators are surely placed.',
    height: ternaryHeight(480),
    draw: (width) => {
      const drawn = ternaryChart(
        crowd,
        types.map(({ share }) => share),
        pointer,
        label,
        width,
      );
      follow = drawn.follow;
      return drawn.svg;
    },
  }).element;
}
