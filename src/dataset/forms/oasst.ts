import { checkChoiceSet } from '../fields';
import { isObject, readJsonLines, useRecord, type JsonObject } from '../json-lines';
import { child, placeOf } from '../json-place';
import type { Line } from '../lines';
import { textOf, type Message } from '../messages';
import { RecordFault, type JsonPath } from '../record-fault';
import { numberOrNone, rankScores } from '../scores';
import { meanOverObjects } from '../sample';
import type { Form, FormInput } from './form';

/** A conversation longer than this is not one that people had. */
const DEEPEST = 500;

/**
 * Trees of messages, one a line: the replies to a message that carry ranks are one record. The prompt is the conversation
 * down to that message.
 */
export const oasst: Form = {
  name: 'oasst',
  title: 'lines of message trees {"prompt": {"text", "role", "replies": [{…, "rank"}]}}',
  endings: ['.jsonl', '.json'],
  roles: [],

  fits: (sample) =>
    meanOverObjects(sample, (object) => {
      const root = child(object, 'prompt');
      return root && child(root, 'text') && child(root, 'replies') ? 1 : 0;
    }),

  read: async (input) => {
    input.table.assume(
      'Replies to the same message are one choice, if two or more have a rank; 0 is the best. Exports name no annotators.',
    );
    input.table.assume('The prompt is the conversation down to the message that was replied to.');
    await readJsonLines(input, ({ prompt }, line) => {
      if (!isObject(prompt)) throw new RecordFault('form/missing-field', [], 'This tree has no "prompt" with its first message.'); // prettier-ignore
      readTree(prompt, line, input);
    });
  },
};

interface Node {
  readonly message: JsonObject;
  readonly path: JsonPath;
  readonly parent?: Node;
  readonly depth: number;
}

function readTree(root: JsonObject, line: Line, input: FormInput): void {
  const waiting: Node[] = [{ message: root, path: ['prompt'], depth: 1 }];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    const { message, path, depth } = node;
    const replies = message.replies ?? [];
    const here = node;
    useRecord(line, input.log, path, () => {
      if (!Array.isArray(replies)) throw new RecordFault('form/wrong-type', ['replies'], '"replies" must be an array of messages.'); // prettier-ignore
      if (depth > DEEPEST) throw tooDeep();
      readSiblings(here, replies, line, input);
    });
    if (!Array.isArray(replies) || depth > DEEPEST) continue;
    // the last is read first from the stack
    for (let i = replies.length - 1; i >= 0; i--) {
      const reply: unknown = replies[i];
      if (isObject(reply)) waiting.push({ message: reply, path: [...path, 'replies', i], parent: node, depth: depth + 1 }); // prettier-ignore
    }
  }
}

function readSiblings(node: Node, replies: readonly unknown[], line: Line, { table }: FormInput): void {
  const ranked: { text: string; rank: number; index: number }[] = [];
  replies.forEach((reply, index) => {
    if (!isObject(reply)) throw new RecordFault('form/wrong-type', ['replies', index], 'A reply must be a message.'); // prettier-ignore
    const rank = numberOrNone(reply.rank, ['replies', index, 'rank']);
    if (rank !== undefined) ranked.push({ text: textIn(reply, ['replies', index]), rank, index });
  });
  if (ranked.length < 2) {
    if (replies.length > 1) table.tally('oasst sets', 1, setsLeftOut);
    return;
  }
  const responses = ranked.map(({ text }) => text);
  checkChoiceSet(responses, undefined, ['replies'], ranked.map(({ index }) => index)); // prettier-ignore
  const ranking = rankScores(ranked.map(({ rank }) => rank), 'lower', ['replies']); // prettier-ignore
  const record = { prompt: textOf(conversation(node)), responses, ...ranking };
  table.add(record, { line: line.number, offset: line.offset }, () =>
    placeOf(line, [...node.path, 'replies']),
  );
  if (ranked.length < replies.length) table.tally('oasst replies', replies.length - ranked.length, repliesLeftOut); // prettier-ignore
}

const setsLeftOut = (count: number) =>
  `Messages with several replies of which fewer than two have a rank make no record: ${count}.`;
const repliesLeftOut = (count: number) =>
  `Replies without a rank are left out of their choice sets: ${count}.`;

function conversation(last: Node): Message[] {
  const turns: Message[] = [];
  for (let node: Node | undefined = last; node; node = node.parent) {
    const { role } = node.message;
    turns.push({
      role: role === 'prompter' || typeof role !== 'string' ? 'user' : role,
      content: textIn(node.message, []),
    });
  }
  return turns.reverse();
}

function textIn(message: JsonObject, path: JsonPath): string {
  if (typeof message.text === 'string') return message.text;
  throw new RecordFault('form/missing-field', path, 'This message has no "text", which must be a string.');
}

function tooDeep(): RecordFault {
  const message = `This conversation has more than ${DEEPEST} messages; what follows was not read.`;
  return new RecordFault('form/too-deep', ['replies'], message, 'Check how the tree was written.');
}
