import { el, uniqueId } from './dom';
import { pageLink } from './page-links';
import type { WordId } from './words';
import { words } from './words';

/** A term whose definition appears on hover and focus, stays while the pointer is on it, and goes with Escape. */
export function term(id: WordId, shown: string = words[id].term): HTMLElement {
  const button = el('button', { type: 'button', class: 'plain term', dir: 'auto' }, shown);
  const open = () => {
    showTip(button, id);
  };
  button.addEventListener('pointerenter', open);
  button.addEventListener('focus', open);
  button.addEventListener('click', open);
  button.addEventListener('pointerleave', hideSoon);
  button.addEventListener('blur', hideTip);
  return button;
}

const tipId = uniqueId('tip');
let tip: HTMLElement | undefined;
let owner: HTMLElement | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

function showTip(button: HTMLElement, id: WordId): void {
  clearTimeout(timer);
  if (owner === button) return;
  hideTip();
  tip ??= makeTip();
  const { term: name, meaning, formula } = words[id];
  tip.replaceChildren(el('strong', {}, name), el('p', {}, meaning));
  if (formula !== undefined) tip.append(el('code', {}, formula));
  tip.append(pageLink(id));
  document.body.append(tip);
  owner = button;
  button.setAttribute('aria-describedby', tipId);
  place(tip, button);
}

function makeTip(): HTMLElement {
  const element = el('div', { id: tipId, role: 'tooltip', class: 'tip' });
  element.addEventListener('pointerenter', () => {
    clearTimeout(timer);
  });
  element.addEventListener('pointerleave', hideSoon);
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') hideTip();
  });
  document.addEventListener('scroll', hideTip, { passive: true });
  return element;
}

/** Under the term, or above it where there is no room; never outside the window. */
function place(element: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const size = element.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.left, document.documentElement.clientWidth - size.width - 8));
  const under = at.bottom + 4;
  const top = under + size.height > window.innerHeight ? Math.max(8, at.top - size.height - 4) : under;
  element.style.left = `${left}px`;
  element.style.top = `${top}px`;
}

function hideSoon(): void {
  clearTimeout(timer);
  timer = setTimeout(hideTip, 150); // long enough to move the pointer onto the definition
}

function hideTip(): void {
  clearTimeout(timer);
  owner?.removeAttribute('aria-describedby');
  owner = undefined;
  tip?.remove();
}
