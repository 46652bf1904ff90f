import { el, uniqueId } from '../dom';
import { fixed, percent } from '../format';
import { swatch } from '../table';
import { rankByShare } from '../training-state';
import type { StartSeries } from '../training-state';
import type { View } from '../view';

export interface LookBack {
  readonly element: HTMLElement;
  /** The iteration that is looked at; none where it is the newest. */
  readonly marked: () => number | undefined;
  /** Shows events that came in; stays where the person left it, or with the newest. */
  readonly update: () => void;
}

/**
 * Goes back through the iterations of the best start: shares and likelihood as the events of the run tell them. Events
 * of a quick fit leave iterations out, which the slider does not offer.
 */
export function lookBack(
  view: View,
  step: 'round' | 'iteration',
  best: () => StartSeries | undefined,
  onMove: () => void,
): LookBack {
  const id = uniqueId('iteration');
  const input = el('input', { id, type: 'range', min: 0, step: 1 });
  const words = el('output', { for: id, class: 'readout' });
  let chosen: number | undefined;
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
    ),
    marked: () => (points().some((p) => p.iteration === chosen) ? chosen : undefined),
    update,
  };
}
