import type { AnswerEnd, AnswerLine, PromptQuestion } from '../../src/protocol/panel';
import type { RunResult } from '../../src/protocol/result';
import { button, dropdown } from '../controls';
import { el } from '../dom';
import { checkboxes, numberField, textArea } from '../fields';
import { counted, duration, shorten } from '../format';
import { candidateName, choose } from '../regret-words';
import { swatch, table } from '../table';
import type { View } from '../view';
import { sentence } from '../view';
import type { AnswerSheet, AskedPolicy } from './answers';
import { answerNumbers, answerSheet, rewardsNote } from './answers';
import { section } from './parts';

/** What the last question was and what came, kept while the panel is hidden. */
interface Kept {
  readonly question: PromptQuestion;
  readonly answers: readonly AnswerEnd[];
}

/** Longer answers are asked for again: with the same seed they are the same. */
const KEEP = 200_000;
const MOST_ANSWERS = 8;

/** A prompt for the run's language models, and their answers side by side as they are written. */
export function askSection(view: View, result: RunResult) {
  const all = policiesOf(result);
  const kept = recall(view);
  const { policy, aggregate } = view.snapshot.manifest.experiment;
  const usual = policy.kind === 'transformer' ? policy.sampling.temperature : 1;
  const remember = () => {
    view.choose('try', JSON.stringify(draft()));
  };

  const before = recallDraft(view);
  const prompt = textArea('Prompt', before?.prompt ?? prompts(result).at(0) ?? '', remember);
  const pick = dropdown(
    'From the dataset',
    [
      { value: '', text: 'choose a prompt …' },
      ...prompts(result).map((text, i) => ({ value: String(i), text: shorten(text, 80) })),
    ],
    '',
    (value) => {
      if (value === '') return;
      prompt.write(prompts(result)[Number(value)]);
      remember();
    },
  );
  const { fair } = choose(result, aggregate.single);
  const first = all.filter(
    ({ id, type }) =>
      type !== undefined || id === 'plain-dpo' || (fair !== undefined && id === idOf(fair.kind)),
  );
  const policies = checkboxes(
    'Policies',
    all.map(({ id, name, type }) => ({
      value: id,
      label: el('span', {}, type === undefined ? null : swatch(type), el('bdi', { dir: 'auto' }, name)),
    })),
    before?.policies ?? first.map(({ id }) => id),
    remember,
  );
  const answers = numberField(
    'Answers of each',
    before?.answers ?? 1,
    { min: 1, max: MOST_ANSWERS, step: 1 },
    remember,
  );
  const temperature = numberField(
    'Temperature',
    before?.temperature ?? usual,
    { min: 0, max: 5, step: 'any' },
    remember,
  );
  const seed = numberField('Seed', before?.seed ?? 1, { min: 0, max: 0xffffffff, step: 1 }, remember);
  const draft = (): PromptQuestion => ({
    question: Date.now(),
    prompt: prompt.read(),
    policies: policies.read(),
    answers: answers.read(),
    temperature: temperature.read(),
    seed: seed.read(),
  });

  const status = el('p', { class: 'asking', role: 'status' });
  const place = el('div', {});
  let going: { readonly question: PromptQuestion; readonly sheet: AnswerSheet } | undefined;
  const run = button('Run', 'primary', () => void ask());
  const stop = button('Stop', 'secondary', () => {
    view.host.request('stopAsking', {}).catch((error: unknown) => {
      view.say(sentence(error));
    });
  });
  const busy = (is: boolean) => {
    stop.toggleAttribute('disabled', !is);
    run.toggleAttribute('disabled', is);
    place.setAttribute('aria-busy', String(is));
  };

  const lay = (question: PromptQuestion) => {
    const asked = all.filter(({ id }) => question.policies.includes(id));
    const sheet = answerSheet(asked, question.answers, result.types);
    place.replaceChildren(
      section(
        'Answers',
        el(
          'p',
          { class: 'note' },
          'To: ',
          el('bdi', { class: 'data', dir: 'auto' }, shorten(question.prompt, 200)),
        ),
        rewardsNote(),
        sheet.element,
      ),
    );
    const end = () => {
      sheet.close();
      if (sheet.whole.length > 0)
        place.append(
          el(
            'details',
            { class: 'numbers' },
            el('summary', {}, 'Numbers'),
            table(view, { captionHidden: true, ...answerNumbers(asked, sheet.whole, result.types) }),
          ),
        );
    };
    return { sheet, end };
  };

  const ask = async () => {
    if (going) return;
    const question = draft();
    const missing =
      question.prompt.trim() === '' ? 'a prompt' : question.policies.length === 0 ? 'a policy' : '';
    if (missing !== '') {
      status.textContent = `Give ${missing} first.`;
      return;
    }
    const started = Date.now();
    const { sheet, end } = lay(question);
    going = { question, sheet };
    busy(true);
    status.textContent = 'Loading the models …';
    try {
      const { stopped } = await view.host.request('ask', question);
      const seconds = (Date.now() - started) / 1000;
      status.textContent = stopped
        ? `Stopped with ${counted(sheet.whole.length, 'whole answer')}.`
        : `${counted(sheet.whole.length, 'answer')} after ${duration(seconds)}.`;
      keep(view, { question, answers: sheet.whole });
    } catch (error) {
      status.textContent = sentence(error);
    }
    end();
    going = undefined;
    busy(false);
  };

  busy(false);
  if (kept) {
    const { sheet, end } = lay(kept.question);
    for (const answer of kept.answers) sheet.add(answer);
    end();
  }
  const onkeydown = (event: Event) => {
    if (!(event instanceof KeyboardEvent) || event.key !== 'Enter' || !(event.ctrlKey || event.metaKey))
      return;
    event.preventDefault();
    void ask();
  };
  return {
    element: el(
      'div',
      {},
      section(
        'Ask the policies',
        el(
          'div',
          { class: 'ask', onkeydown },
          prompts(result).length > 0 ? pick : null,
          prompt.element,
          policies.element,
          el('div', { class: 'row' }, answers.element, temperature.element, seed.element),
          el(
            'div',
            { class: 'row' },
            run,
            stop,
            el('span', { class: 'note' }, 'Ctrl+Enter runs. The same seed gives the same answers.'),
          ),
          status,
        ),
      ),
      place,
    ),
    hear(question: number, lines: readonly AnswerLine[]) {
      if (going?.question.question !== question) return;
      for (const line of lines) {
        going.sheet.add(line);
        const { policy } = line.type === 'ready' ? { policy: undefined } : line;
        const name = all.find(({ id }) => id === policy)?.name;
        const said = name === undefined ? 'Writing …' : `${name} is writing …`;
        if (status.textContent !== said) status.textContent = said;
      }
    },
  };
}

/** Every policy of the run that can write, as `emdpo generate` names them. */
function policiesOf({ candidates }: RunResult): AskedPolicy[] {
  let types = 0;
  const asked = candidates.map((candidate): AskedPolicy => {
    if (candidate.kind !== 'type') return { id: idOf(candidate.kind), name: candidateName(candidate) };
    types++;
    return { id: `type${types}`, name: candidate.name, type: types - 1 };
  });
  return [...asked, { id: 'reference', name: 'Reference model' }];
}

const idOf = (kind: RunResult['candidates'][number]['kind']) => (kind === 'type' ? 'type1' : kind);

/** Prompts of the dataset that the result names: those that divide the types, then those of what they like. */
function prompts({ divides, types }: RunResult): string[] {
  const opinions = types.flatMap((type) => [...type.liked, ...type.disliked]);
  return [...new Set([...divides, ...opinions].map(({ prompt }) => prompt))];
}

function keep(view: View, kept: Kept): void {
  const json = JSON.stringify(kept);
  view.choose('answers', json.length <= KEEP ? json : '');
}

/** What the panel itself wrote into its memory. */
function parsed(json: string | undefined): unknown {
  try {
    return JSON.parse(json ?? 'null');
  } catch {
    return null;
  }
}

const recall = (view: View) => parsed(view.choice('answers')) as Kept | null;
const recallDraft = (view: View) => parsed(view.choice('try')) as PromptQuestion | null;
