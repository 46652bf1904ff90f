/**
 * The theme's kind and its colours. Marks in SVG and HTML take their colours from CSS variables and follow the theme
 * by themselves; a canvas asks `resolve` and draws again when the theme changes.
 */
export const TYPE_COLOURS = 8;

/** The colour of a type, the same everywhere; colour-blind safe palettes for light and dark are in panel.css. */
export function typeColour(type: number): string {
  return `var(--type-${(type % TYPE_COLOURS) + 1})`;
}

/** A cell of a heat map: `amount` in [−1, 1] of the way from the background to the strong colour. */
export function heatColour(amount: number): string {
  const part = Math.round(Math.min(1, Math.abs(amount)) * 42); // more would make the number on it hard to read: less than 4.5 : 1 in Dark Modern
  return `color-mix(in srgb, var(${amount < 0 ? '--heat-negative' : '--heat'}) ${part}%, var(--bg))`;
}

/** The value that a custom property such as `--type-1` has in the present theme. */
export function resolve(property: string): string {
  return getComputedStyle(document.body).getPropertyValue(property).trim();
}

const listeners = new Set<() => void>();

export function onThemeChange(listener: () => void): void {
  listeners.add(listener);
}

/** Watches the editor's theme, or in a report the reader's preference, which it puts on the body as the editor would. */
export function watchTheme(kind: 'editor' | 'report'): void {
  if (kind === 'report') {
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const apply = () => {
      document.body.classList.toggle('vscode-dark', dark.matches);
      document.body.classList.toggle('vscode-light', !dark.matches);
    };
    dark.addEventListener('change', apply);
    apply();
  }
  const observer = new MutationObserver(() => {
    for (const tell of listeners) tell();
  });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
}
