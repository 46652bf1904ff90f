/**
 * Charts draw when they learn their width, which one on a tab that was never opened does not. Before printing, the
 * panel sends each of them this event, and those without a width draw at that of a page.
 */
export const PRINT = 'emdpo-print';
export const PRINT_WIDTH = 640;

export function drawForPrint(page: HTMLElement): void {
  for (const chart of page.querySelectorAll('.drawing, .canvas')) chart.dispatchEvent(new Event(PRINT));
}
