import type { AnswerLine } from '../../src/protocol/panel';
import { el } from '../dom';
import { chancesSection } from '../sections/chances';
import { askSection } from '../sections/ask';
import type { View } from '../view';

export interface TryTab {
  readonly element: HTMLElement;
  /** Shows what a policy has written for a question. */
  hear(question: number, lines: readonly AnswerLine[]): void;
}

/** One prompt, every policy's answer side by side. */
export function tryTab(view: View): TryTab {
  const { result } = view.snapshot;
  if (!result) return { element: el('div', {}), hear: () => undefined };
  if (result.fit.policy === 'transformer') return askSection(view, result);
  return { element: el('div', {}, chancesSection(view, result)), hear: () => undefined };
}
