import { el } from './dom';
import { shorten } from './format';

/** Text that comes from the data: its own direction, and when long, shortened with a button that shows all of it. */
export function dataText(text: string, length = 160): HTMLElement {
  if (text.trim() === '') return el('span', { class: 'muted' }, '(empty)');
  const short = shorten(text, length);
  const words = el('bdi', { class: 'data', dir: 'auto' }, short);
  if (short === text) return words;
  const more = el('button', { type: 'button', class: 'plain more', 'aria-expanded': 'false' }, 'show all');
  more.addEventListener('click', () => {
    const open = more.getAttribute('aria-expanded') !== 'true';
    more.setAttribute('aria-expanded', String(open));
    more.textContent = open ? 'show less' : 'show all';
    words.textContent = open ? text : short;
  });
  return el('span', {}, words, ' ', more);
}
