import type { Verdict } from '../src/protocol/finding';
import type { PanelSnapshot } from '../src/protocol/panel';
import type { Candidate, RunResult } from '../src/protocol/result';
import type { Interval } from '../src/protocol/stability';
import { chance, counted, interval, list, nats, natsAlike, percent, shorten } from './format';
import { candidateName, choose, worstOffNames } from './regret-words';

/** One of the questions that a person comes with, and what the run says to it. */
export interface SixAnswer {
  readonly question: string;
  /** Sentences; data within them is plain text. */
  readonly answer: readonly string[];
  /** The tab that says more. */
  readonly tab: 'data' | 'training' | 'types' | 'regret';
}

type Finished = PanelSnapshot & { readonly result: RunResult };

/** The six questions and their answers, for a run that found several types. */
export function sixAnswers(snapshot: PanelSnapshot): SixAnswer[] {
  const { result } = snapshot;
  if (!result || result.types.length < 2) return [];
  const run = { ...snapshot, result };
  return [
    { question: 'How many types, and how sure?', answer: howMany(result), tab: 'types' },
    { question: 'Who is in the smallest?', answer: smallest(run), tab: 'types' },
    { question: 'What does it want?', answer: wants(result), tab: 'types' },
    { question: 'Who loses most under plain DPO?', answer: plainDpo(result), tab: 'regret' },
    { question: 'Which policy is fairest?', answer: fairest(run), tab: 'regret' },
    { question: 'Should I believe it?', answer: believe(run), tab: 'data' },
  ];
}

/** “ (90 % interval 1.2 to 3.4)”, or nothing where there is none. */
function within(ends: Interval | undefined, level: number, show?: (value: number) => string): string {
  return ends ? ` (${percent(level, 0)} interval ${interval(ends, show)})` : '';
}

function howMany({ fit, posterior, recommendation, selection }: RunResult): string[] {
  const tried = selection.filter(({ heldOut }) => heldOut !== null).map(({ types }) => types);
  return [
    `${fit.types} types.`,
    ...(recommendation?.reasons ?? []),
    recommendation || tried.length > 1
      ? ''
      : 'The number was given; no other was compared ("types": "auto" does).',
    `${percent(posterior.certain / Math.max(fit.annotators, 1), 0)} of ${counted(fit.annotators, 'annotator')} are surely placed.`,
  ];
}

function smallest({ result, posterior }: Finished): string[] {
  const { types, known, stability } = result;
  const k = types.length - 1;
  const { name, share, annotators } = types[k];
  const ends = stability?.bootstrap?.shares[k];
  const sentences = [
    `${name}: ${percent(share)} of the annotators${within(ends, stability?.bootstrap?.level ?? 0, percent)}, ${counted(annotators, 'annotator')}.`,
  ];
  if (posterior) {
    const surest = posterior.annotators
      .map((annotator, h) => ({ annotator, gamma: posterior.gamma[h * posterior.types + k] }))
      .sort((a, b) => b.gamma - a.gamma)
      .slice(0, 3)
      .filter(({ gamma }) => gamma > 0.5);
    if (surest.length > 0)
      sentences.push(`Surest of all: ${list(surest.map(({ annotator }) => shorten(annotator, 40)))}.`);
  }
  if (known) {
    const [most, named] = known.confusion
      .map((row, i) => [row[k], known.names[i]] as const)
      .reduce((a, b) => (b[0] > a[0] ? b : a));
    sentences.push(`The dataset calls ${most} of them “${named}”.`);
  }
  return sentences;
}

function wants({ types }: RunResult): string[] {
  const { liked, disliked, coefficients = [] } = types[types.length - 1];
  const quote = (opinion: RunResult['types'][number]['liked'][number]) =>
    `“${shorten(opinion.response, 110)}” to “${shorten(opinion.prompt, 70)}” (${chance(opinion.probability)} under its policy, ${chance(opinion.reference)} under the reference)`;
  const names = (some: typeof coefficients) => list(some.map(({ name }) => `“${shorten(name, 40)}”`));
  return [
    liked.length > 0 ? `More than the reference: ${quote(liked[0])}.` : '',
    disliked.length > 0 ? `Less: ${quote(disliked[0])}.` : '',
    coefficients.length > 3
      ? `Its largest coefficients: ${names(coefficients.slice(0, 2))}; its smallest: ${names(coefficients.slice(-2))}.`
      : '',
  ];
}

function plainDpo(result: RunResult): string[] {
  const { plain } = choose(result, 'mixture');
  if (!plain) return ['This run has no plain DPO to compare with.'];
  const shown = natsAlike(plain.regret);
  return [
    `${capital(worstOffNames(plain, result.types))}, by ${nats(plain.worst)} nats against its own policy${candidateInterval(result, result.candidates.indexOf(plain))}.`,
    `By type: ${list(result.types.map(({ name }, k) => `${name} ${shown(plain.regret[k])}`))}.`,
  ];
}

function fairest({ result, manifest }: Finished): string[] {
  const { fair, fairest: best, plain } = choose(result, manifest.experiment.aggregate.single);
  if (!best) return ['This run has no candidate policies.'];
  const others = [fair, plain].filter((c): c is Candidate => c !== undefined && c !== best);
  return [
    `${candidateName(best)}: its worst-off type loses ${nats(best.worst)} nats${candidateInterval(result, result.candidates.indexOf(best))}; worst off: ${worstOffNames(best, result.types)}.`,
    others.length > 0
      ? `${capital(list(others.map((c) => `${c === fair ? `this run’s policy (${c.name})` : 'plain DPO'} ${nats(c.worst)}`)))}.`
      : 'It is this run’s policy.',
  ];
}

/** Of a candidate's worst regret, over annotators or over sampled prompts. */
function candidateInterval({ candidates, stability }: RunResult, index: number): string {
  const bootstrap = stability?.bootstrap;
  const sampled = candidates[index].worstInterval;
  return sampled ? within(sampled, 0.95) : within(bootstrap?.candidates[index]?.worst, bootstrap?.level ?? 0);
}

const IDENTIFIED: Record<Verdict, string> = {
  'sufficient-generic': 'theory says that data like this tells so many types apart, generically',
  'necessary-fails': 'theory says that data like this cannot tell so many types apart',
  unknown: 'theory does not settle whether data like this tells so many types apart',
};

/** What speaks for the result, what against it, and what was not looked at: never a bare yes or no. */
function believe({ result, validation }: Finished): string[] {
  const { fit, starts, stability, known, alarms } = result;
  const [good, bad, open]: string[][] = [[], [], []];
  const verdict = validation?.verdicts.find((v) => v.scope === 'finite-mixture' && v.types === fit.types);
  if (verdict) (verdict.verdict === 'sufficient-generic' ? good : bad).push(IDENTIFIED[verdict.verdict]);
  else open.push('whether the data can tell types apart');
  if (alarms.length > 0) bad.push(counted(alarms.length, 'alarm') + ', listed here');
  if (!fit.converged) bad.push('the fit did not settle');
  const compared = starts.filter((s) => s.agreement !== undefined);
  const same = compared.filter((s) => (s.agreement ?? 0) >= 0.95).length;
  if (compared.length > 1)
    (2 * same >= compared.length ? good : bad).push(
      `${same} of ${counted(compared.length, 'start')} found the same groups`,
    );
  const bootstrap = stability?.bootstrap;
  if (bootstrap) {
    const { count, often } = bootstrap.switching;
    (count * 5 <= fit.annotators && Math.max(...bootstrap.lost) < 0.1 ? good : bad).push(
      `with other annotators ${percent(count / Math.max(fit.annotators, 1), 0)} of them switch type in at least ${percent(often, 0)} of the repeats`,
    );
  } else open.push('other annotators (“evaluate.bootstrap”)');
  const calibration = stability?.calibration;
  if (calibration)
    (Math.abs(calibration.stated - calibration.observed) < 0.05 ? good : bad).push(
      `${percent(calibration.observed, 0)} of held-out predictions came true, ${percent(calibration.stated, 0)} were stated`,
    );
  else open.push('whether stated certainties come true (“evaluate.calibration”)');
  if (known)
    (known.accuracy >= 0.8 ? good : bad).push(
      `${percent(known.accuracy, 0)} of the annotators are of the type that the dataset names`,
    );
  return [
    good.length > 0 ? `For it: ${good.join('; ')}.` : '',
    bad.length > 0 ? `Against it: ${bad.join('; ')}.` : 'Against it: nothing that was looked at.',
    open.length > 0 ? `Not looked at: ${open.join('; ')}.` : '',
  ];
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
