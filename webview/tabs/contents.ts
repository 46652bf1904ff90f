import type { AnswerLine } from '../../src/protocol/panel';
import type { TrainingState } from '../training-state';
import type { View } from '../view';
import { compareTab } from './compare';
import { dataTab } from './data';
import type { TabId } from './offered';
import { regretTab } from './regret';
import type { TrainingTab } from './training';
import { trainingTab } from './training';
import type { TryTab } from './try';
import { tryTab } from './try';
import { typesTab } from './types';

/** What the tabs of one run hold. */
export interface TabContents {
  make(id: TabId): HTMLElement;
  /** Shows events that came in. */
  update(id: TabId): void;
  /** Shows what a policy has written for a question. */
  hear(question: number, lines: readonly AnswerLine[]): void;
}

export function tabContents(view: View, training: TrainingState): TabContents {
  let trainingShown: TrainingTab | undefined;
  let tryShown: TryTab | undefined;
  const make: Record<TabId, () => HTMLElement> = {
    data: () => dataTab(view),
    training: () => {
      trainingShown = trainingTab(view, training);
      return trainingShown.element;
    },
    types: () => typesTab(view),
    regret: () => regretTab(view),
    try: () => {
      tryShown = tryTab(view);
      return tryShown.element;
    },
    compare: () => compareTab(view),
  };
  return {
    make: (id) => make[id](),
    update: (id) => {
      if (id === 'training') trainingShown?.update();
    },
    hear: (question, lines) => tryShown?.hear(question, lines),
  };
}
