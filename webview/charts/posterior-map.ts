import type { PosteriorTable } from '../../src/protocol/panel';
import { el } from '../dom';
import { percent, shorten } from '../format';
import { PRINT, PRINT_WIDTH } from '../print';
import { onThemeChange, resolve, TYPE_COLOURS } from '../theme';

const ROW = 30;
const GAP = 2;

/** Annotators by their most probable type, within it by how sure it is. */
export function orderAnnotators({ annotators, gamma, types }: PosteriorTable): number[] {
  const strongest = annotators.map((_, h) => dominant(gamma, types, h));
  const sure = (h: number) => gamma[h * types + strongest[h]];
  return annotators
    .map((_, h) => h)
    .sort((a, b) => strongest[a] - strongest[b] || sure(b) - sure(a) || a - b);
}

/** The type with the largest γ; the first of equals. */
export function dominant(gamma: readonly number[], types: number, annotator: number): number {
  let best = 0;
  for (let k = 1; k < types; k++)
    if (gamma[annotator * types + k] > gamma[annotator * types + best]) best = k;
  return best;
}

/**
 * Annotators × types on a canvas: a column an annotator, a row a type, the colour as strong as γ. Where there are more
 * annotators than pixels, a column is the mean of its annotators. Pointer and arrow keys read single annotators.
 */
export function posteriorMap(posterior: PosteriorTable, names: readonly string[]): HTMLElement {
  const { types, annotators, gamma } = posterior;
  const order = orderAnnotators(posterior);
  const height = types * (ROW + GAP);
  const canvas = el('canvas', {
    role: 'img',
    tabindex: 0,
    'aria-label': `Posterior of ${annotators.length} annotators over ${types} types, ordered by type. Left and right arrow keys read one annotator at a time.`,
  });
  const readout = el(
    'p',
    { class: 'note readout', 'aria-live': 'polite' },
    'Point at a column to read one annotator.',
  );
  let width = 0;
  let chosen = -1;

  const paint = () => {
    const context = canvas.getContext('2d');
    if (!context || width === 0) return;
    const scale = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    context.scale(scale, scale);
    const columns = Math.min(annotators.length, Math.floor(width * scale));
    for (let k = 0; k < types; k++) {
      context.fillStyle = resolve(`--type-${(k % TYPE_COLOURS) + 1}`);
      for (let c = 0; c < columns; c++) {
        const from = Math.floor((c * order.length) / columns);
        const to = Math.max(from + 1, Math.floor(((c + 1) * order.length) / columns));
        let sum = 0;
        for (let i = from; i < to; i++) sum += gamma[order[i] * types + k];
        context.globalAlpha = sum / (to - from);
        const left = (c * width) / columns;
        context.fillRect(left, k * (ROW + GAP), width / columns + (columns > width / 3 ? 0.5 : -0.5), ROW);
      }
    }
    context.globalAlpha = 1;
    if (chosen >= 0) {
      context.fillStyle = resolve('--vscode-foreground');
      context.fillRect(((chosen + 0.5) * width) / order.length - 0.75, 0, 1.5, height);
    }
  };

  const choose = (index: number) => {
    chosen = Math.max(0, Math.min(order.length - 1, index));
    const h = order[chosen];
    const shares = names.map((name, k) => `${name} ${percent(gamma[h * types + k])}`).join(' · ');
    readout.replaceChildren(
      el('bdi', { class: 'strong', dir: 'auto' }, shorten(annotators[h], 60)),
      ` · ${shares}`,
    );
    paint();
  };
  canvas.addEventListener('pointermove', (event) => {
    choose(Math.floor((event.offsetX / width) * order.length));
  });
  canvas.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20, Home: -Infinity, End: Infinity }[
      event.key
    ];
    if (step === undefined) return;
    event.preventDefault();
    choose(chosen + step);
  });
  onThemeChange(paint);

  const holder = el('div', { class: 'canvas' }, canvas);
  holder.style.height = `${height}px`;
  const fit = (available: number) => {
    width = available;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    paint();
  };
  new ResizeObserver(([entry]) => {
    fit(Math.floor(entry.contentRect.width));
  }).observe(holder);
  holder.addEventListener(PRINT, () => {
    if (width === 0) fit(PRINT_WIDTH - 100);
  });
  const labels = el(
    'ul',
    { class: 'rows', 'aria-hidden': 'true' },
    ...names.map((name) => el('li', {}, el('bdi', {}, shorten(name, 14)))),
  );
  return el('div', {}, el('div', { class: 'map' }, labels, holder), readout);
}
