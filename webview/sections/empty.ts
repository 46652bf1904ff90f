import type { PanelSnapshot } from '../../src/protocol/panel';
import { el } from '../dom';

/** What to say where there is no result: why, and what to do next. */
export function withoutResult({ state, events }: PanelSnapshot): HTMLElement {
  const failure = [...events].reverse().find((e) => e.type === 'failed');
  const sentences = {
    created: 'The run has not started writing yet. Results appear here when it is done.',
    running:
      'The run is still fitting. Results appear here when it is done; the Training tab shows how far it is.',
    finished:
      'The run finished, but its result.json is missing. Train again, or put the file back into the run directory.',
    failed: `The run failed before it had results${failure ? `: ${failure.message}` : '.'} See the events on the Training tab, mend the cause, and go on with “EM-DPO: Resume Run”.`,
    cancelled:
      'The run was stopped before it had results. Go on with “EM-DPO: Resume Run” or “emdpo resume”, or train again.',
    dead: 'The run’s process ended without a word, so there are no results. Go on with “EM-DPO: Resume Run” or “emdpo resume”, or train again.',
  };
  return empty(sentences[state]);
}

export function empty(sentence: string): HTMLElement {
  return el('p', { class: 'empty', role: 'status' }, sentence);
}
