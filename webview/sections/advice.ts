import type { Advice, AdvicePlan, ValidationReport } from '../../src/protocol/validation';
import type { Child } from '../dom';
import { el } from '../dom';
import { counted, integer, percent, scientific } from '../format';
import { table } from '../table';
import type { View } from '../view';
import { empty } from './empty';
import { section } from './parts';

/** What to collect next, and what it would do. */
export function adviceSection(view: View, { advice, design }: ValidationReport): HTMLElement {
  const title = 'What to collect';
  if (!advice) return section(title, empty(whyNone(view, design.length > 0)));
  const lead = el('p', { class: 'headline' }, leadSentence(advice));
  if (advice.reached || advice.options.length === 0) return section(title, lead);
  return section(
    title,
    lead,
    table(view, {
      caption: 'What to collect, and its effect',
      captionHidden: true,
      columns: [
        { title: 'What to collect', heading: true, word: 'collect' },
        { title: 'Judgements', numeric: true, word: 'judgement' },
        { title: 'Shares known to', numeric: true, word: 'sharesKnown' },
        { title: 'Left open', numeric: true, word: 'openDirections' },
        { title: 'Enough', word: 'enough' },
      ],
      rows: advice.options.map((option) => [
        { value: option.message, show: what(option) },
        { value: option.judgements, show: integer(option.judgements) },
        { value: option.shareError, show: effect(advice, option) },
        option.singular,
        { value: option.reaches ? 'yes' : 'no', show: option.reaches ? el('strong', {}, '✓ yes') : 'no' },
      ]),
    }),
    el(
      'p',
      { class: 'note' },
      'Best first: what is enough, then what leaves fewer directions open, then the most gained per judgement.',
    ),
  );
}

const error = (share: number | null) => (share === null ? 'unbounded' : `± ${percent(share)}`);

function leadSentence(plan: AdvicePlan): string {
  const { types, target, shareError, reached, at, measure, smallestEigenvalueOfAll } = plan;
  const [goal, now] =
    measure === 'share'
      ? [`know every share of ${counted(types, 'type')} to ${error(target)}`, error(shareError)]
      : [
          `bring the smallest eigenvalue × N for ${counted(types, 'type')} to ${scientific(target)}`,
          scientific(smallestEigenvalueOfAll),
        ];
  const where = at === 'symmetric' ? ' in the hardest case' : '';
  if (reached) return `Nothing more is needed to ${goal}: expected are ${now}${where}.`;
  return `To ${goal}, collect more: expected now are ${now}${where}.`;
}

/** From … to …, so that a row says its effect by itself. */
function effect(plan: AdvicePlan, option: Advice): Child {
  return el(
    'span',
    {},
    el('span', { class: 'muted' }, `${error(plan.shareError)} → `),
    option.shareError === null ? 'unbounded' : error(option.shareError),
  );
}

function what({ message, annotators, prompts, pairs }: Advice): HTMLElement {
  const named = [
    ...(annotators ?? []),
    ...(prompts ?? []),
    ...(pairs ?? []).map(([a, b]) => `${a} with ${b}`),
  ];
  return el(
    'div',
    { class: 'advice' },
    el('bdi', { dir: 'auto' }, message),
    named.length === 0
      ? null
      : el(
          'details',
          {},
          el('summary', {}, annotators ? 'Whom to ask' : prompts ? 'Which prompts' : 'Which pairs'),
          el('ul', {}, ...named.map((name) => el('li', {}, el('bdi', { dir: 'auto' }, name)))),
        ),
  );
}

function whyNone({ snapshot }: View, hasDesign: boolean): string {
  const { state, manifest, result } = snapshot;
  const types = result?.fit.types ?? manifest.experiment.types;
  if (types === 1) return 'With one type there is nothing to tell apart, and so nothing to plan.';
  if (state === 'running' || state === 'created')
    return 'What to collect is worked out when the types are fitted, at the end of the run.';
  const command = `“emdpo validate ${manifest.dataset.path} --advise${typeof types === 'number' ? ` --types ${types}` : ''}”`;
  return hasDesign
    ? `This run has no plan of what to collect. Make one with ${command}.`
    : `Without information in the design there is nothing to plan with. See the findings above, and try ${command} with fewer types.`;
}
