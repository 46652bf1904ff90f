import { spawn } from 'node:child_process';
import type { LogOutputChannel } from 'vscode';
import type { AnswerLine, PromptQuestion } from '../../protocol/panel';

/** How long a process may take to end by itself once asked to, in milliseconds. */
const GRACE = 1500;

/** Pieces of text are handed on together at most this often, in milliseconds. */
const INTERVAL = 60;

export interface Asking {
  /** Path of dist/emdpo.cjs. */
  readonly cli: string;
  readonly directory: string;
  readonly question: PromptQuestion;
  readonly onLines: (lines: readonly AnswerLine[]) => void;
  readonly signal: AbortSignal;
  readonly log: Pick<LogOutputChannel, 'debug'>;
}

/**
 * Runs `emdpo generate` on a prompt: language models need native libraries, which never load in the editor's process.
 *
 * @returns whether it was stopped before all was written
 * @throws what the process said, when it did not end well
 */
export function askPolicies({ cli, directory, question, onLines, signal, log }: Asking): Promise<boolean> {
  const { prompt, policies, seed, temperature, answers } = question;
  const args = [
    cli,
    'generate',
    directory,
    '--json-lines',
    '--prompt',
    '-',
    '--policies',
    policies.join(','),
  ];
  args.push('--seed', String(seed), '--n', String(answers));
  if (temperature !== undefined) args.push('--temperature', String(temperature));
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      resolve(true);
      return;
    }
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const stop = () => {
      child.kill();
      setTimeout(() => child.kill('SIGKILL'), GRACE).unref();
    };
    signal.addEventListener('abort', stop, { once: true });
    let waiting: AnswerLine[] = [];
    let timer: NodeJS.Timeout | undefined;
    const flush = () => {
      clearTimeout(timer);
      timer = undefined;
      if (waiting.length > 0 && !signal.aborted) onLines(waiting);
      waiting = [];
    };
    let [rest, words] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const read = parse(line);
        if (read) waiting.push(read);
        else log.debug(`emdpo generate said what cannot be understood: ${line.slice(0, 200)}`);
      }
      timer ??= setTimeout(flush, INTERVAL);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (words += text));
    // a process that ends before it has read the prompt says why itself
    child.stdin.on('error', (error) => {
      log.debug(`emdpo generate did not read the prompt: ${error.message}`);
    });
    child.stdin.end(prompt);
    child.on('error', reject);
    child.on('close', (code) => {
      signal.removeEventListener('abort', stop);
      flush();
      if (signal.aborted) resolve(true);
      else if (code === 0) resolve(false);
      else
        reject(new Error(words.replaceAll(/^emdpo: /gm, '').trim() || `emdpo generate ended with ${code}.`));
    });
  });
}

/** @returns undefined for a line that no `emdpo generate --json-lines` writes */
function parse(line: string): AnswerLine | undefined {
  try {
    const read: unknown = JSON.parse(line);
    const known = typeof read === 'object' && read !== null && 'type' in read;
    return known && ['ready', 'text', 'answer'].includes(String(read.type))
      ? (read as AnswerLine)
      : undefined;
  } catch {
    return undefined;
  }
}
