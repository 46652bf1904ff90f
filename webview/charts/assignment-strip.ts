import { el } from '../dom';
import { PRINT, PRINT_WIDTH } from '../print';
import type { Moment } from '../iterations';
import { onThemeChange, resolve, TYPE_COLOURS } from '../theme';

const ROW = 30;
const MARKS = 8;
const GAP = 3;

export interface AssignmentStrip {
  readonly element: HTMLElement;
  /** @param told what it shows, in words */
  show(moment: Moment, told: string): void;
}

/**
 * Annotators as columns, coloured by their most probable type at one iteration, with a mark below those who moved. Where
 * there are more annotators than pixels, a column is divided as its annotators are.
 *
 * @param order rows of the posterior, in the order of the columns
 */
export function assignmentStrip(order: readonly number[], types: number): AssignmentStrip {
  const canvas = el('canvas', { role: 'img' });
  const height = ROW + GAP + MARKS;
  const element = el('div', { class: 'canvas strip' }, canvas);
  element.style.height = `${height}px`;
  canvas.style.height = `${height}px`;
  let width = 0;
  let shown: Moment | undefined;
  const paint = () => {
    if (shown && width > 0) paintStrip(canvas, shown, order, types, width);
  };
  const fit = (available: number) => {
    width = available;
    canvas.style.width = `${width}px`;
    paint();
  };
  new ResizeObserver(([entry]) => {
    fit(Math.floor(entry.contentRect.width));
  }).observe(element);
  element.addEventListener(PRINT, () => {
    if (width === 0) fit(PRINT_WIDTH);
  });
  onThemeChange(paint);
  return {
    element,
    show(moment, told) {
      shown = moment;
      canvas.setAttribute('aria-label', told);
      paint();
    },
  };
}

function paintStrip(
  canvas: HTMLCanvasElement,
  { labels, before }: Moment,
  order: readonly number[],
  types: number,
  width: number,
): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round((ROW + GAP + MARKS) * scale);
  context.scale(scale, scale);
  const colours = Array.from({ length: types }, (_, k) => resolve(`--type-${(k % TYPE_COLOURS) + 1}`));
  const mark = resolve('--fg');
  const columns = Math.min(order.length, Math.floor(width * scale));
  const gap = columns > width / 3 ? 0 : 0.5;
  for (let c = 0; c < columns; c++) {
    const from = Math.floor((c * order.length) / columns);
    const to = Math.max(from + 1, Math.floor(((c + 1) * order.length) / columns));
    const counts = new Uint32Array(types);
    let moved = 0;
    for (let i = from; i < to; i++) {
      const h = order[i];
      counts[labels[h]]++;
      if (before && before.labels[h] !== labels[h]) moved++;
    }
    const left = (c * width) / columns;
    const wide = width / columns - gap;
    let top = 0;
    counts.forEach((count, k) => {
      const tall = (ROW * count) / (to - from);
      context.fillStyle = colours[k];
      context.fillRect(left, top, wide, tall);
      top += tall;
    });
    if (moved === 0) continue;
    context.fillStyle = mark;
    // one annotator among many in a column is still to be seen
    const size = Math.max(2, (MARKS * moved) / (to - from));
    context.fillRect(left, ROW + GAP, Math.max(wide, 1), size);
  }
}
