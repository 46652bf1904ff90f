import { checkChoiceSet, wrongType } from '../fields';
import { isObject, readJsonLines, useRecord, type JsonObject } from '../json-lines';
import { child, placeOf } from '../json-place';
import type { Line } from '../lines';
import { RecordFault, type JsonPath } from '../record-fault';
import { numberOrNone, rankScores } from '../scores';
import { meanOverObjects } from '../sample';
import type { Form, FormInput } from './form';

/**
 * SQuALITY's human evaluation: one passage a line, its questions by number, and for each the summaries of several
 * systems, each with reviews that carry a worker and ranks.
 */
export const squality: Form = {
  name: 'squality',
  title:
    'lines of {"passage-id", "questions": {"0": {"<system>": {"response", "reviews": [{"worker_id", "overall-rank"}]}}}}',
  endings: ['.jsonl', '.json'],
  roles: ['rank'],

  fits: (sample) =>
    meanOverObjects(sample, (object) =>
      child(object, 'passage-id') && child(object, 'questions')?.type === 'object' ? 1 : 0,
    ),

  read: async (input) => {
    const rank = input.columns.rank ?? 'overall-rank';
    input.table.assume(
      `Reviews are ranked by "${rank}", 1 is the best; equal ranks are tied. Workers are the annotators.`,
    );
    input.table.assume(
      'The system that wrote a summary is its item. The file holds no passages and questions: their numbers are the prompt.',
    );
    await readJsonLines(input, (value, line) => {
      const { questions } = value;
      const passage = value['passage-id'];
      if (!isObject(questions)) throw wrongType(['questions'], 'an object of questions', questions);
      if (typeof passage !== 'string' && typeof passage !== 'number')
        throw wrongType(['passage-id'], 'a string', passage);
      for (const [number, systems] of Object.entries(questions)) {
        useRecord(line, input.log, ['questions', number], () => {
          readQuestion(
            systems,
            { prompt: `passage ${passage}, question ${number}`, rank, line, path: ['questions', number] },
            input,
          );
        });
      }
    });
  },
};

interface Question {
  readonly prompt: string;
  readonly rank: string;
  readonly line: Line;
  readonly path: JsonPath;
}

/** What one worker said of the summaries of a question. */
interface Review {
  readonly responses: string[];
  readonly items: string[];
  readonly ranks: (number | undefined)[];
  readonly at: JsonPath[];
}

function readQuestion(systems: unknown, question: Question, { table, log }: FormInput): void {
  if (!isObject(systems)) throw wrongType([], 'an object of systems', systems);
  const byWorker = new Map<string, Review>();
  for (const [system, summary] of Object.entries(systems)) {
    if (!isObject(summary)) throw wrongType([system], 'an object', summary);
    const { response, reviews } = summary;
    if (typeof response !== 'string') throw wrongType([system, 'response'], 'a string', response);
    if (!Array.isArray(reviews)) throw wrongType([system, 'reviews'], 'an array of reviews', reviews);
    reviews.forEach((each: unknown, i) => {
      const at = [system, 'reviews', i];
      const worker = workerOf(each, at);
      const review = byWorker.get(worker.name) ?? { responses: [], items: [], ranks: [], at: [] };
      byWorker.set(worker.name, review);
      review.responses.push(response);
      review.items.push(system);
      review.ranks.push(numberOrNone(worker.review[question.rank], [...at, question.rank]));
      review.at.push(at);
    });
  }
  for (const [annotator, { responses, items, ranks, at }] of byWorker) {
    useRecord(question.line, log, question.path, () => {
      checkChoiceSet(responses, items, at[0], []);
      const record = {
        annotator,
        prompt: question.prompt,
        responses,
        items,
        ...rankScores(ranks, 'lower', at[0]),
      };
      const place = { line: question.line.number, offset: question.line.offset };
      table.add(record, place, () => placeOf(question.line, [...question.path, ...at[0]]));
    });
  }
}

function workerOf(review: unknown, path: JsonPath): { name: string; review: JsonObject } {
  if (!isObject(review)) throw wrongType(path, 'a review', review);
  const name = review.worker_id;
  if (typeof name === 'string' || typeof name === 'number') return { name: String(name), review };
  throw new RecordFault('form/missing-field', path, 'This review has no "worker_id".');
}
