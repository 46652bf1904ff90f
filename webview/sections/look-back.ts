import { el, uniqueId } from '../dom';
import { fixed, percent } from '../format';
import { swatch } from '../table';
import { rankByShare } from '../training-state';
import type { StartSeries } from '../training-state';
import type { View } from '../view';
import { momentView } from './moment';

export interface LookBack {
  readonly element: HTMLElement;
  /** The iteration that is looked at; none where it is the newest. */
  readonly marked: () => number | undefined;
  /** Shows events that came in; stays where the person left it, or with the newest. */
  readonly update: () => void;
}

/** Under this name the panel remembers the iteration that is looked at. */
const WHEN = 'look back';

/**
 * Goes back through the iterations of the best start: shares and likelihood as the events of the run tell them, assignments
 * and regrets as the finished run keeps them. Iterations that are not told the slider does not offer.
 */
export function lookBack(
  view: View,
  step: 'round' | 'iteration',
  types: () => number,
  best: () => StartSeries | undefined,
  onMove: () => void,
): LookBack {
  const id = uniqueId('iteration');
  const input = el('input', { id, type: 'range', min: 0, step: 1 });
  const words = el('output', { for: id, class: 'readout' });
  const place = el('div', {});
  const { history } = view.snapshot;
  const moment = history && momentView(view, history);
  const remembered = view.choice(WHEN) ?? '';
  let chosen = remembered === '' ? undefined : Number(remembered);
  const points = () => best()?.points ?? [];
  const index = () => {
    const last = points().length - 1;
    const at = points().findIndex((p) => p.iteration === chosen);
    return at < 0 ? last : at;
  };
  const update = () => {
    const last = points().length - 1;
    input.max = String(Math.max(last, 0));
    input.disabled = last < 1;
    input.value = String(index());
    const at = points().at(index());
    words.replaceChildren(...(at ? describe(at) : ['No iteration yet.']));
    input.setAttribute('aria-valuetext', words.textContent);
    if (moment && history.types === types()) {
      moment.show(at?.iteration);
      if (moment.element.parentElement !== place) place.replaceChildren(moment.element);
    } else {
      const why = withoutMoment(view, types(), step);
      if (place.textContent !== why) place.replaceChildren(el('p', { class: 'note' }, why));
    }
  };
  const describe = (point: StartSeries['points'][number]) => {
    const places = rankByShare(points(), view.snapshot.result);
    const { result } = view.snapshot;
    const names = result?.types.length === places.length ? result.types.map((t) => t.name) : undefined;
    const shares = places
      .map((place, k) => ({ place, share: point.shares[k] }))
      .sort((a, b) => a.place - b.place);
    return [
      `Start ${(best()?.start ?? 0) + 1}, ${step} ${point.iteration}: log-likelihood ${fixed(point.logLikelihood, 2)}, objective ${fixed(point.objective, 2)}, ${fixed(point.effectiveTypes, 2)} effective types. `,
      ...shares.map(({ place, share }) =>
        el(
          'span',
          { class: 'share' },
          swatch(place),
          el('bdi', { dir: 'auto' }, names?.[place] ?? `type ${place + 1}`),
          ` ${percent(share)} `,
        ),
      ),
    ];
  };
  input.addEventListener('input', () => {
    const at = input.valueAsNumber;
    chosen = at === points().length - 1 ? undefined : points().at(at)?.iteration;
    view.choose(WHEN, String(chosen ?? ''));
    update();
    onMove();
  });
  update();
  return {
    element: el(
      'div',
      { class: 'look-back' },
      el('div', { class: 'field' }, el('label', { for: id }, `Look back at ${step}s`), input),
      words,
      place,
    ),
    marked: () => (points().some((p) => p.iteration === chosen) ? chosen : undefined),
    update,
  };
}

/** Why there are neither assignments nor regrets to look at, in a sentence; nothing where nobody would miss them. */
function withoutMoment({ snapshot }: View, types: number, step: 'round' | 'iteration'): string {
  const { history, result, state } = snapshot;
  if (types < 2) return '';
  if (history && result)
    return `Assignments were kept of the fit with ${history.types} types, which the run is about.`;
  if (result)
    return `This run keeps no assignments of its ${step}s, which runs of earlier versions do not. Train again to look back at them.`;
  return state === 'running'
    ? `What annotators were assigned to at each ${step} is kept when the run has finished${step === 'iteration' ? ', and what the types regretted' : ''}.`
    : '';
}
