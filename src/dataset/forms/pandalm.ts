import { checkChoiceSet, missingOr } from '../fields';
import { kindOf, readJsonLines, useRecord, type JsonObject } from '../json-lines';
import { child, placeOf } from '../json-place';
import { BOTH_EQUAL, FIRST_BETTER, SECOND_BETTER } from '../ranking';
import { RecordFault } from '../record-fault';
import { meanOverObjects } from '../sample';
import type { Ranked } from '../scores';
import type { Form } from './form';

const ANNOTATOR = /^annotator\d+$/;

/** Pairs of responses with a column for each annotator: 1 or 2 for the better one, 0 for a tie. */
export const pandaLm: Form = {
  name: 'pandalm',
  title: 'a JSON array or lines of {"instruction", "response1", "response2", "annotator1", …}',
  endings: ['.json', '.jsonl'],
  roles: [],

  fits: (sample) =>
    // without annotators the two responses may be anything
    meanOverObjects(sample, (object) =>
      child(object, 'annotator1') ? (child(object, 'response1') && child(object, 'response2') ? 1 : 0.5) : 0,
    ),

  read: async (input) => {
    const { table, log } = input;
    table.assume(
      'Each column annotator1, annotator2, … is an annotator: 1 and 2 name the better response, 0 is a tie.',
    );
    table.assume('The prompt is the instruction, and below it the input where there is one.');
    await readJsonLines(input, (value, line) => {
      const prompt = instructionOf(value, 'instruction', 'input');
      const responses = ['response1', 'response2'].map((field) => {
        const text = value[field];
        if (typeof text !== 'string') throw missingOr(text, field, 'a string');
        return text;
      });
      const annotators = Object.keys(value).filter((key) => ANNOTATOR.test(key));
      if (annotators.length === 0) throw missingOr(undefined, 'annotator1', '0, 1 or 2');
      checkChoiceSet(responses, undefined, ['response2'], []);
      for (const annotator of annotators) {
        if (value[annotator] === null || value[annotator] === '') {
          table.tally('pandalm', 1, (count) => `Empty votes make no record: ${count}.`);
          continue;
        }
        useRecord(line, log, [], () => {
          const record = { annotator, prompt, responses, ...voteOf(value, annotator) };
          const place = { line: line.number, offset: line.offset };
          table.add(record, place, () => placeOf(line, [annotator]));
        });
      }
    });
  },
};

/** An instruction with the input it is about, as one prompt. @throws RecordFault */
export function instructionOf(value: JsonObject, instruction: string, input: string): string {
  const task = value[instruction];
  if (typeof task !== 'string') throw missingOr(task, instruction, 'a string');
  const about = value[input];
  return typeof about === 'string' && about.trim() !== '' ? `${task}\n\n${about}` : task;
}

function voteOf(value: JsonObject, annotator: string): Ranked {
  const vote = value[annotator];
  if (vote === 0 || vote === '0') return BOTH_EQUAL;
  if (vote === 1 || vote === '1') return FIRST_BETTER;
  if (vote === 2 || vote === '2') return SECOND_BETTER;
  const shown =
    typeof vote === 'number' || typeof vote === 'string' ? String(vote).slice(0, 40) : kindOf(vote);
  throw new RecordFault('form/unknown-winner', [annotator], `A vote is 0, 1 or 2; this is ${shown}.`, 'Write 1 or 2 for the better response, 0 for a tie.'); // prettier-ignore
}
