import type { Node } from 'jsonc-parser';
import { missingOr } from '../fields';
import type { Form } from './form';
import { child } from '../json-place';
import { RecordFault } from '../record-fault';
import { meanOverObjects } from '../sample';
import { commonLength, readPairs } from './trl';

const ANSWER = '\n\nAssistant:';

/** Pairs of whole transcripts; the prompt is what both share, up to the assistant's last shared turn. */
export const hhRlhf: Form = {
  name: 'hh-rlhf',
  title: 'lines of {"chosen", "rejected"}, transcripts of "Human:" and "Assistant:"',
  endings: ['.jsonl'],
  roles: ['annotator'],

  fits: (sample) =>
    meanOverObjects(sample, (object) => {
      if (child(object, 'prompt')) return 0;
      return (
        (isTranscript(child(object, 'chosen')) ? 0.5 : 0) +
        (isTranscript(child(object, 'rejected')) ? 0.5 : 0)
      );
    }),

  read: async (input) => {
    input.table.assume(
      'The prompt is the part that both transcripts share, up to the last common "Assistant:".',
    );
    await readPairs(input, input.columns.annotator, (value) => {
      const { chosen, rejected } = value;
      if (typeof chosen !== 'string') throw missingOr(chosen, 'chosen', 'a transcript');
      if (typeof rejected !== 'string') throw missingOr(rejected, 'rejected', 'a transcript');
      const common = commonLength(chosen, rejected);
      const start = chosen.lastIndexOf(ANSWER, common - ANSWER.length) + ANSWER.length;
      if (start < ANSWER.length || start > common) throw noSharedPrompt();
      return { prompt: chosen.slice(0, start), chosen: chosen.slice(start), rejected: rejected.slice(start) };
    });
  },
};

function isTranscript(node: Node | undefined): boolean {
  const value: unknown = node?.value;
  return typeof value === 'string' && value.includes('\n\nHuman:');
}

function noSharedPrompt(): RecordFault {
  const message =
    'The two transcripts share no beginning that ends with "Assistant:", so there is no common prompt.';
  return new RecordFault(
    'form/no-shared-prompt',
    ['rejected'],
    message,
    'Compare answers to the same prompt.',
  );
}
