import type { AnswerEnd, AnswerLine } from '../../src/protocol/panel';
import type { TypeSummary } from '../../src/protocol/result';
import { el } from '../dom';
import { counted, fixed, signed } from '../format';
import type { TableOptions } from '../table';
import { swatch } from '../table';
import { term } from '../term';

/** A policy as the person and the command line know it. */
export interface AskedPolicy {
  readonly id: string;
  readonly name: string;
  /** Index of its type, where it is a type's own. */
  readonly type?: number;
}

export interface AnswerSheet {
  readonly element: HTMLElement;
  add(line: AnswerLine): void;
  /** No answer goes on. */
  close(): void;
  readonly whole: readonly AnswerEnd[];
}

/** A column for each policy; answers grow in their places as they come. */
export function answerSheet(
  policies: readonly AskedPolicy[],
  answers: number,
  types: readonly TypeSummary[],
): AnswerSheet {
  const whole: AnswerEnd[] = [];
  const places = new Map<string, Place>();
  const columns = policies.map((policy) => {
    const own = Array.from({ length: answers }, (_, number) => {
      const place = answerPlace(types);
      places.set(key(policy.id, number), place);
      return place.element;
    });
    return el(
      'article',
      { class: 'answers' },
      el(
        'h3',
        {},
        policy.type === undefined ? null : swatch(policy.type),
        el('bdi', { dir: 'auto' }, policy.name),
      ),
      el('ol', { class: answers === 1 && 'alone' }, ...own),
    );
  });
  return {
    element: el('div', { class: 'cards' }, ...columns),
    whole,
    add(line) {
      if (line.type === 'ready') return;
      const place = places.get(key(line.policy, line.number));
      if (line.type === 'text') place?.grow(line.text);
      else {
        place?.finish(line);
        whole.push(line);
      }
    },
    close() {
      for (const place of places.values()) place.close();
    },
  };
}

const key = (policy: string, number: number) => `${policy} ${number}`;

type Place = ReturnType<typeof answerPlace>;

function answerPlace(types: readonly TypeSummary[]) {
  const words = el('bdi', { class: 'data', dir: 'auto' });
  const waiting = el('span', { class: 'muted' }, '…');
  const rest = el('div', {});
  return {
    element: el('li', {}, el('div', { class: 'said' }, words, waiting), rest),
    grow(text: string) {
      words.append(text);
    },
    finish({ text, tokens, logProbability, ended, rewards }: AnswerEnd) {
      waiting.remove();
      words.replaceChildren(text);
      if (text.trim() === '') words.replaceChildren(el('span', { class: 'muted' }, '(empty)'));
      const most = Math.max(...rewards);
      rest.replaceChildren(
        el(
          'ul',
          { class: 'rewards', 'aria-label': 'Implicit reward by type' },
          ...rewards.map((reward, k) => {
            const shown = signed(reward, 2);
            return el(
              'li',
              {},
              swatch(k),
              el('bdi', { dir: 'auto' }, types[k]?.name ?? `type ${k + 1}`),
              ' ',
              el(reward === most ? 'strong' : 'span', { class: 'number' }, shown),
            );
          }),
        ),
        el(
          'p',
          { class: 'note number' },
          `${counted(tokens, 'token')}, log-probability ${fixed(logProbability, 1)}${ended === 'length' ? ', cut off at the longest length' : ''}`,
        ),
      );
    },
    close() {
      waiting.remove();
    },
  };
}

/** Which type likes what, and the same in full as numbers. */
export function rewardsNote(): HTMLElement {
  return el(
    'p',
    { class: 'note' },
    'Under each answer stands its ',
    term('implicitReward', 'implicit reward'),
    ' for each type, largest in bold: what that type’s policy thinks of it.',
  );
}

export function answerNumbers(
  policies: readonly AskedPolicy[],
  whole: readonly AnswerEnd[],
  types: readonly TypeSummary[],
): TableOptions {
  const name = (id: string) => policies.find((policy) => policy.id === id)?.name ?? id;
  return {
    caption: 'Answers and their implicit rewards',
    columns: [
      { title: 'Policy', heading: true, word: 'policyName' },
      { title: 'Answer', numeric: true, word: 'answer' },
      ...types.map((t, type) => ({ title: t.name, numeric: true, type, word: 'implicitReward' as const })),
      { title: 'Tokens', numeric: true, word: 'tokens' },
      { title: 'Log-probability', numeric: true, word: 'logProbability' },
      { title: 'Text', word: 'answerText' },
    ],
    rows: whole.map((answer) => [
      name(answer.policy),
      answer.number + 1,
      ...types.map((_, k) => ({ value: answer.rewards[k], show: signed(answer.rewards[k], 3) })),
      answer.tokens,
      { value: answer.logProbability, show: fixed(answer.logProbability, 2) },
      answer.text,
    ]),
  };
}
