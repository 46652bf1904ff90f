import type { PlotOptions } from '@observablehq/plot';
import { plot } from '@observablehq/plot';

/** Draws with Observable Plot: one SVG, no style element of its own (the page's policy forbids it), named for readers. */
export function draw(label: string, options: PlotOptions): SVGSVGElement {
  // room for the axis's name under its numbers
  const drawn = plot({ marginBottom: 38, ...options, className: 'chart', figure: false });
  const svg = drawn instanceof SVGSVGElement ? drawn : drawn.querySelector('svg');
  if (!svg) throw new Error(`The chart “${label}” could not be drawn.`);
  for (const style of svg.querySelectorAll('style')) style.remove();
  // Plot labels each group “rule”, “line” and so on, which tells a reader nothing; the whole has one name.
  for (const part of svg.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', label);
  return svg;
}

/** How many ticks an axis of whole numbers gets: as many as there is room for, and none between two of them. */
export function ticksFor(last: number, width: number): number {
  return Math.max(1, Math.min(last, Math.floor(width / 90)));
}

/** The same picture as a file: colours and fonts of the present theme are written into it. */
export function standalone(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = [svg, ...svg.querySelectorAll('*')];
  const copies = [copy, ...copy.querySelectorAll('*')];
  originals.forEach((original, i) => {
    const style = getComputedStyle(original);
    for (const name of ['fill', 'stroke', 'color', 'font-family', 'font-size', 'font-weight']) {
      copies[i].setAttribute(name, style.getPropertyValue(name));
    }
  });
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  const background = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  background.setAttribute('width', '100%');
  background.setAttribute('height', '100%');
  background.setAttribute('fill', getComputedStyle(document.body).backgroundColor);
  copy.prepend(background);
  return new XMLSerializer().serializeToString(copy);
}

/** Pixels of a saved picture for each of the page: enough for print. */
const PNG_SCALE = 3;

/** The same picture as PNG, in base 64. */
export async function png(svg: SVGSVGElement): Promise<string> {
  const { width, height } = svg.getBoundingClientRect();
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(standalone(svg))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * PNG_SCALE);
  canvas.height = Math.round(height * PNG_SCALE);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('The browser gives no canvas.');
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/png').replace(/^data:[^,]*,/, '');
}
