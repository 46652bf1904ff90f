import type { RunEvent } from '../protocol/event';

export interface Progress {
  show(event: RunEvent): void;
  /** Clears the line for what comes next. */
  end(): void;
}

/** One line that is written over and over, on a terminal. */
export function progressBar(stream: NodeJS.WriteStream): Progress {
  let title = '';
  let bar = '';
  let detail = '';
  const draw = () => {
    const line = [title, bar, detail].filter((part) => part !== '').join('  ');
    stream.write(`\r\u001b[2K${line.slice(0, Math.max(1, (stream.columns || 80) - 1))}`);
  };
  return {
    show(event) {
      if (event.type === 'phase') [title, bar, detail] = [event.title, '', ''];
      else if (event.type === 'progress') {
        const cells = Math.floor((20 * event.done) / Math.max(1, event.total));
        const left = event.secondsLeft === undefined ? '' : ` ${Math.ceil(event.secondsLeft)} s left`;
        bar = `${'█'.repeat(cells)}${'░'.repeat(20 - cells)}${left}`;
      } else if (event.type === 'em') {
        detail = `start ${event.start + 1}, iteration ${event.iteration}, log-likelihood ${event.logLikelihood.toFixed(2)}`;
      } else return;
      draw();
    },
    end() {
      stream.write('\r\u001b[2K');
    },
  };
}

/** Events as lines of JSON, for a pipe; those that come by the thousand twice a second, as events.jsonl has them all. */
export function progressLines(stream: NodeJS.WriteStream): Progress {
  const last = new Map<RunEvent['type'], number>();
  return {
    show(event) {
      const now = Date.now();
      const frequent = event.type === 'em' || event.type === 'progress';
      if (frequent && now - (last.get(event.type) ?? 0) < 500) return;
      last.set(event.type, now);
      stream.write(JSON.stringify(event) + '\n');
    },
    end() {
      // nothing is left open on a pipe
    },
  };
}
