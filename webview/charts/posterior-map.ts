import type { Crowd } from '../annotators/crowd';
import type { Pointer } from '../annotators/pointer';
import { steer } from '../annotators/pointer';
import { el } from '../dom';
import { drawInTurn } from '../draw-in-turn';
import { shorten } from '../format';
import { PRINT, PRINT_WIDTH } from '../print';
import { onThemeChange, resolve, TYPE_COLOURS } from '../theme';

const ROW = 30;
const GAP = 2;

/**
 * Annotators × types on a canvas: a column an annotator, a row a type, the colour as strong as γ. Where there are more
 * annotators than pixels, a column is the mean of its annotators; pointer and arrow keys still read single ones. The
 * canvas is painted when its size or the theme changes; what moves are two marks above it.
 */
export function posteriorMap(crowd: Crowd, pointer: Pointer): HTMLElement {
  const { types, order, place, names } = crowd;
  const height = types * (ROW + GAP);
  const canvas = el('canvas', {
    role: 'img',
    tabindex: 0,
    'aria-label': `Posterior of ${order.length} annotators over ${types} types, ordered by type. Left and right arrow keys read one annotator at a time; Enter shows their records.`,
  });
  const [read, chosen] = ['read', 'chosen'].map((name) => el('div', { class: `mark ${name}`, hidden: true }));
  let width = 0;

  const move = (mark: HTMLElement, annotator: number | undefined) => {
    mark.hidden = annotator === undefined || width === 0;
    if (annotator === undefined) return;
    mark.style.transform = `translateX(${((place[annotator] + 0.5) * width) / order.length - 1}px)`;
  };
  const moveBoth = () => {
    move(read, pointer.at);
    move(chosen, pointer.chosen);
  };
  const paint = () => {
    paintMap(canvas, crowd, width, height);
  };
  const under = (event: MouseEvent) =>
    order[Math.max(0, Math.min(order.length - 1, Math.floor((event.offsetX / width) * order.length)))];
  canvas.addEventListener('pointermove', (event) => {
    pointer.read(under(event));
  });
  canvas.addEventListener('click', (event) => {
    pointer.choose(under(event), canvas);
  });
  steer(canvas, pointer, crowd);
  pointer.onRead(moveBoth);
  pointer.onChoose(moveBoth);
  onThemeChange(paint);

  const holder = el('div', { class: 'canvas' }, canvas, chosen, read);
  holder.style.height = `${height}px`;
  const fit = (available: number) => {
    width = available;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    paint();
    moveBoth();
  };
  new ResizeObserver(([entry]) => {
    const available = Math.floor(entry.contentRect.width);
    drawInTurn(holder, () => {
      fit(available);
    });
  }).observe(holder);
  holder.addEventListener(PRINT, () => {
    if (width === 0) fit(PRINT_WIDTH - 100);
  });
  const labels = el(
    'ul',
    { class: 'rows', 'aria-hidden': 'true' },
    ...names.map((name) => el('li', { title: name }, el('bdi', {}, shorten(name, 14)))),
  );
  return el('div', { class: 'map' }, labels, holder);
}

function paintMap(
  canvas: HTMLCanvasElement,
  { types, order, gamma }: Crowd,
  width: number,
  height: number,
): void {
  const context = canvas.getContext('2d');
  if (!context || width === 0) return;
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  context.scale(scale, scale);
  const columns = Math.min(order.length, Math.floor(width * scale));
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
}
