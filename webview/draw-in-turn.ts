/** What is not on the screen yet, in the order of the page. */
const waiting = new Map<Element, () => void>();
let draining = false;

/**
 * Draws at once what is on the screen. What is further down is drawn after the frame that shows it, one drawing a
 * task, so that a run appears at once however many charts it has.
 */
export function drawInTurn(place: Element, draw: () => void): void {
  if (place.getBoundingClientRect().top < window.innerHeight) {
    waiting.delete(place);
    draw();
    return;
  }
  waiting.set(place, draw);
  if (draining) return;
  draining = true;
  requestAnimationFrame(() => setTimeout(drain));
}

function drain(): void {
  const next = waiting.entries().next();
  if (next.done) {
    draining = false;
    return;
  }
  const [place, draw] = next.value;
  waiting.delete(place);
  if (place.isConnected) draw();
  setTimeout(drain);
}
