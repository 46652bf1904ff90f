import type { RunEvent } from '../../src/protocol/event';
import { el } from '../dom';
import { clock, counted, duration, fixed } from '../format';

/** Events as a person reads them, newest first, folded away. */
export function eventLog() {
  const items = el('ol', { class: 'log', reversed: true });
  const summary = el('summary', {}, 'Events');
  let last: RunEvent | undefined;
  const update = (log: readonly RunEvent[]) => {
    const newest = log[log.length - 1] as RunEvent | undefined;
    if (newest === last) return;
    last = newest;
    summary.textContent = `Events (${log.length})`;
    items.replaceChildren(
      ...[...log]
        .reverse()
        .map((e) =>
          el('li', { class: e.type }, el('time', { datetime: e.time }, clock(e.time)), ' ', eventSentence(e)),
        ),
    );
  };
  return { element: el('details', { class: 'events' }, summary, items), update };
}

function eventSentence(event: RunEvent): string {
  switch (event.type) {
    case 'started':
      if (event.resumed) return `Resumed (process ${event.pid}).`;
      return event.types === undefined
        ? `Started; it is to choose the number of types (process ${event.pid}).`
        : `Started with ${counted(event.types, 'type')} (process ${event.pid}).`;
    case 'phase':
      return event.title;
    case 'device':
      return `Runs on ${event.device} with ${counted(event.threads, 'thread')}.`;
    case 'warning':
      return `Warning: ${event.message}`;
    case 'finished':
      return `Finished after ${duration(event.seconds)} with log-likelihood ${fixed(event.logLikelihood, 2)}.`;
    case 'failed':
      return `Failed: ${event.message}`;
    case 'cancelled':
      return 'Stopped.';
    case 'loss':
      return `Step ${event.step} of ${event.steps} for ${event.policy}: loss ${fixed(event.loss, 3)}, accuracy ${fixed(event.accuracy, 2)}.`;
    case 'heldOut':
      return `Round ${event.round}: log-likelihood ${fixed(event.logLikelihood, 2)}${event.crossFitted ? ', cross-fitted' : ''}.`;
    case 'pretraining':
      return `Pretraining, pass ${event.pass}: ${fixed(event.heldOut ?? event.loss, 3)} nats per token.`;
    case 'checkpoint':
      return `Everything up to here is kept in ${event.file}.`;
    case 'em':
    case 'progress':
      return event.type;
  }
}
