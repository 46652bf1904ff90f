import { checkChoiceSet, missingOr, nameOrNone, wrongType } from '../fields';
import { readJsonLines, type JsonObject } from '../json-lines';
import { child, placeOf } from '../json-place';
import { messages, textOf } from '../messages';
import { RecordFault } from '../record-fault';
import { meanOverObjects } from '../sample';
import type { Ranked } from '../scores';
import { OUTCOME_FIELDS, outcomeOf, outcomeOfFields } from './arena-outcome';
import type { Form } from './form';

/**
 * One vote a line between two models, as MT-bench and Chatbot Arena publish them: model_a, model_b, winner, judge, the
 * two conversations and the turn that was judged.
 */
export const arena: Form = {
  name: 'arena',
  title:
    'lines of {"model_a", "model_b", "winner", "judge", "conversation_a", "conversation_b"}, also MT-bench',
  endings: ['.jsonl', '.json'],
  roles: ['annotator'],

  fits: (sample) =>
    meanOverObjects(sample, (object) => {
      const models = child(object, 'model_a') && child(object, 'model_b') ? 0.5 : 0;
      return models + (child(object, 'winner') || child(object, OUTCOME_FIELDS.a) ? 0.5 : 0);
    }),

  read: async (input) => {
    const { table, columns } = input;
    const judge = columns.annotator ?? 'judge';
    table.assume(
      `The models are the items; "${judge}" names the annotator where a line has it. Votes such as "both bad" are ties.`,
    );
    await readJsonLines(input, (value, line) => {
      const items = [modelOf(value, 'model_a'), modelOf(value, 'model_b')];
      const [a, b] = [saidIn(value, 'conversation_a'), saidIn(value, 'conversation_b')];
      if (a && b)
        table.assume(
          'The prompt is what the user said up to the turn that was judged, the response what the model answered.',
        );
      if (a && b && a.prompt !== b.prompt) throw otherPrompt();
      const texts =
        a && b ? [a.answer, b.answer] : ['response_a', 'response_b'].map((field) => nameOrNone(value, field));
      const known = texts.every((text) => text !== undefined);
      if (!known) table.assume('Lines without texts: the name of the model stands for its response.');
      const responses = known ? texts : items;
      const prompt =
        a?.prompt ?? nameOrNone(value, 'prompt') ?? nameOrNone(value, 'question_id') ?? 'any prompt';
      checkChoiceSet(responses, items, ['model_b'], []);
      const record = {
        annotator: nameOrNone(value, judge),
        prompt,
        responses,
        items,
        ...voteOf(value, items),
        asShown: true,
      };
      const place = { line: line.number, offset: line.offset };
      table.add(record, place, () => placeOf(line, []));
    });
  },
};

function modelOf(value: JsonObject, field: string): string {
  const name = nameOrNone(value, field);
  if (name !== undefined) return name;
  throw missingOr(value[field] === null ? undefined : value[field], field, 'the name of a model');
}

/** What was said up to the turn that was judged; the whole conversation where no turn is given. */
function saidIn(value: JsonObject, field: string): { prompt: string; answer: string } | undefined {
  const conversation = value[field];
  if (conversation === undefined || conversation === null) return undefined;
  if (!Array.isArray(conversation)) throw wrongType([field], 'an array of messages', conversation);
  const all = messages(conversation, [field]);
  const turn = typeof value.turn === 'number' && value.turn >= 1 ? value.turn : Infinity;
  const said = all.filter(({ role }) => role !== 'assistant').slice(0, turn);
  const answers = all.filter(({ role }) => role === 'assistant').slice(0, turn);
  if (said.length === 0 || answers.length === 0) {
    const message = 'This conversation lacks a message of the user or an answer of the model.';
    throw new RecordFault('form/missing-field', [field], message);
  }
  return { prompt: textOf(said), answer: textOf(answers) };
}

function voteOf(value: JsonObject, items: readonly string[]): Ranked {
  if (value.winner === undefined && OUTCOME_FIELDS.a in value) {
    const won = outcomeOfFields((field) => value[field]);
    if (won) return won;
    throw unknownWinner(OUTCOME_FIELDS.a, 'This line does not say which model won.');
  }
  const winner = nameOrNone(value, 'winner');
  if (winner === undefined) throw unknownWinner('winner', 'This line names no winner.');
  const outcome = outcomeOf(winner, items);
  if (outcome) return outcome;
  throw unknownWinner('winner', `"${winner.slice(0, 60)}" is not a winner that this form knows.`);
}

const unknownWinner = (field: string, message: string) =>
  new RecordFault(
    'form/unknown-winner',
    [field],
    message,
    'Write model_a, model_b or tie, or the name of the model that won.',
  );

function otherPrompt(): RecordFault {
  const message = 'The user says other things in the two conversations, so their answers cannot be compared.';
  return new RecordFault(
    'form/no-shared-prompt',
    ['conversation_b'],
    message,
    'Compare answers to the same prompt.',
  );
}
