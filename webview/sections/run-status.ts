import type { RunEvent } from '../../src/protocol/event';
import { el } from '../dom';
import { counted, duration, fixed, integer } from '../format';
import { paceInWords } from '../pace';
import type { TrainingState } from '../training-state';
import type { View } from '../view';

/** Phase, progress, device and time in one line of fixed height. */
export function statusLine(view: View, state: TrainingState) {
  const bar = el('progress', { max: 1, 'aria-label': 'Progress of this phase' });
  const phase = el('span', { class: 'strong' });
  const detail = el('span', { class: 'muted number' });
  const element = el('div', { class: 'status' }, el('p', {}, phase), el('p', {}, detail), bar);
  const update = () => {
    const { progress, device, latest, ended } = state;
    const going = view.snapshot.state === 'running' && !ended;
    phase.textContent = going ? (state.phase ?? 'Starting') : endSentence(ended, view.snapshot.state);
    const parts = [
      going ? training(state) : '',
      progress ? `${integer(progress.done)} of ${integer(progress.total)}` : '',
      going && state.pace ? paceInWords(state.pace) : '',
      progress?.secondsLeft !== undefined ? `${duration(progress.secondsLeft)} left` : '',
      going && latest ? `log-likelihood ${fixed(latest.logLikelihood, 2)}` : '',
      device ? `${device.device}, ${counted(device.threads, 'thread')}` : view.snapshot.manifest.device,
    ];
    detail.textContent = parts.filter((p) => p !== '').join(' · ');
    if (progress && progress.total > 0) bar.value = progress.done / progress.total;
    else if (going) bar.removeAttribute('value');
    bar.classList.toggle('away', !going);
  };
  return { element, update };
}

/** Which language model is being trained, and how far it is. */
function training({ language }: TrainingState): string {
  const event = language.at(-1);
  if (event?.type !== 'loss') return '';
  return `${event.policy}${event.round > 0 ? `, round ${event.round}` : ''}, step ${integer(event.step)} of ${integer(event.steps)}`;
}

function endSentence(ended: RunEvent | undefined, state: string): string {
  switch (ended?.type) {
    case 'finished':
      return `Finished after ${duration(ended.seconds)}.`;
    case 'failed':
      return `Failed: ${ended.message}`;
    case 'cancelled':
      return 'Stopped.';
    default:
      return state === 'created'
        ? 'Waiting for the first event.'
        : state === 'dead'
          ? 'The process ended without finishing.'
          : 'Ended.';
  }
}
