import { png, standalone } from './charts/plot';
import type { Child } from './dom';
import { el } from './dom';
import { drawInTurn } from './draw-in-turn';
import { PRINT, PRINT_WIDTH } from './print';
import { swatch } from './table';
import type { TableOptions } from './table';
import { table } from './table';
import { term } from './term';
import type { View } from './view';
import { fileName, save, sentence } from './view';
import type { WordId } from './words';

export interface FigureOptions {
  readonly title: string;
  readonly word?: WordId;
  /** What to see in it, in a sentence or two. */
  readonly note?: Child;
  /** Draws at a width in CSS pixels; called again when the width changes. */
  readonly draw: (width: number) => SVGSVGElement | HTMLElement;
  /** Room kept before the first drawing, so that nothing jumps. */
  readonly height: number;
  /** Types named by colour above the chart. */
  readonly legend?: readonly string[];
  /** The same numbers as a table. */
  readonly numbers?: () => TableOptions;
}

export interface Figure {
  readonly element: HTMLElement;
  /** Draws again with the present data. */
  redraw(): void;
}

/** A chart with its title, a legend, the numbers as a table, and ways to save it. */
export function figure(view: View, options: FigureOptions): Figure {
  const canvas = el('div', { class: 'drawing' });
  canvas.style.minHeight = `${options.height}px`;
  let width = 0;
  const redraw = () => {
    if (width === 0) return;
    canvas.replaceChildren(options.draw(width));
    // from now on the drawing takes the room that it needs
    canvas.style.minHeight = '';
  };
  new ResizeObserver(([entry]) => {
    const now = Math.floor(entry.contentRect.width);
    if (now === width || now === 0) return;
    width = now;
    drawInTurn(canvas, redraw);
  }).observe(canvas);
  canvas.addEventListener(PRINT, () => {
    if (canvas.childElementCount === 0) canvas.replaceChildren(options.draw(width || PRINT_WIDTH));
  });

  const tool = (label: string, onclick: () => void) =>
    el(
      'button',
      { type: 'button', class: 'plain tool', 'aria-label': `${label}: ${options.title}`, onclick },
      label,
    );
  const picture = () => canvas.querySelector('svg');
  const saveButtons = [
    tool('Save as SVG', () => {
      const svg = picture();
      if (svg) void save(view, fileName(view, options.title, 'svg'), standalone(svg));
    }),
    tool('Save as PNG', () => {
      const svg = picture();
      if (svg) void savePng(view, options.title, svg);
    }),
  ];
  const title = options.word ? term(options.word, options.title) : options.title;
  const element = el(
    'figure',
    {},
    el('figcaption', {}, el('h3', {}, title), options.note ? el('p', { class: 'note' }, options.note) : null),
    options.legend ? legend(options.legend) : null,
    canvas,
    el('div', { class: 'tools' }, options.numbers ? numbers(view, options.numbers) : null, ...saveButtons),
  );
  return { element, redraw };
}

async function savePng(view: View, title: string, svg: SVGSVGElement): Promise<void> {
  try {
    await save(view, fileName(view, title, 'png'), await png(svg), 'base64');
  } catch (error) {
    view.say(`${title} could not be drawn as PNG: ${sentence(error)} Save it as SVG.`);
  }
}

export function legend(names: readonly string[]): HTMLElement {
  return el(
    'ul',
    { class: 'legend' },
    ...names.map((name, k) => el('li', {}, swatch(k), el('bdi', { dir: 'auto' }, name))),
  );
}

/** The table is built when first opened, and anew each time: live charts keep changing. */
function numbers(view: View, make: () => TableOptions): HTMLElement {
  const details = el('details', { class: 'numbers' }, el('summary', {}, 'Numbers'));
  details.addEventListener('toggle', () => {
    details.querySelector('.table')?.remove();
    if (details.open) details.append(table(view, { captionHidden: true, ...make() }));
  });
  return details;
}
