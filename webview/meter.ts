import { el } from './dom';

/** A bar of a probability, with a tick at the reference where given. The number stands beside it. */
export function meter(probability: number, colour: string, reference?: number): HTMLElement {
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
