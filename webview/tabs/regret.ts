import type { Candidate, RegretSampling, RegretSummary, RunResult } from '../../src/protocol/result';
import type { BootstrapSummary } from '../../src/protocol/stability';
import { candidatesChart, candidatesHeight } from '../charts/candidates';
import { regretHeat, regretHeatHeight } from '../charts/regret-heat';
import { badge } from '../controls';
import type { Child } from '../dom';
import { el } from '../dom';
import { figure } from '../figure';
import { counted, integer, interval, list, nats, natsAlike, percent, scientific } from '../format';
import type { Choices } from '../regret-words';
import { candidateName, choose, costSentence, headline, worstOff } from '../regret-words';
import type { Cell, TableOptions } from '../table';
import { swatch, table } from '../table';
import { term } from '../term';
import { heatColour } from '../theme';
import type { View } from '../view';
import { baselinesSection } from '../sections/baselines';
import { empty, withoutResult } from '../sections/empty';
import { protectionSection } from '../sections/protection';
import { facts, section } from '../sections/parts';
import { intervalCell, intervalTitle } from '../sections/stability';

/** What one policy for everybody costs each type, and which is fairest. */
export function regretTab(view: View): HTMLElement {
  const { result, manifest } = view.snapshot;
  if (!result) return withoutResult(view.snapshot);
  if (result.types.length < 2) {
    return empty(
      'With one type there is nobody to be unfair to. Train with two types or more to see regrets.',
    );
  }
  const choices = choose(result, manifest.experiment.aggregate.single);
  return el(
    'div',
    {},
    costSection(view, result, choices),
    candidatesSection(view, result, choices),
    matrixSection(view, result),
    protectionSection(view, result),
    baselinesSection(view, result) ?? null,
    result.regret.sensitivity.length > 0 ? sensitivitySection(view, result) : null,
  );
}

function costSection(view: View, result: RunResult, choices: Choices): HTMLElement {
  const { regret } = result;
  const { intervals } = regret;
  const bootstrap = result.stability?.bootstrap;
  const names = result.types.map((t) => t.name);
  return section(
    'What fairness costs',
    el('p', { class: 'headline' }, headline(result, choices)),
    facts([
      {
        word: 'value',
        value: `${nats(regret.value)} nats`,
        note: regret.intervals
          ? `95 % interval ${interval(regret.intervals.value)}`
          : bootstrap
            ? `${intervalTitle(bootstrap)} ${interval(bootstrap.value)}`
            : 'worst off under the fair mixture',
      },
      {
        word: 'gap',
        value: scientific(regret.gap),
        note: regret.solver === 'exact' ? 'exact solver' : 'multiplicative weights',
      },
    ]),
    regret.sampling ? samplingNote(regret.sampling) : null,
    el(
      'ul',
      { class: 'costs' },
      ...result.types.map((_, k) => el('li', {}, swatch(k), el('bdi', {}, costSentence(result, k, choices)))),
    ),
    adversaryNote(result),
    regret.protection.some((c) => c !== 1)
      ? el(
          'p',
          { class: 'note' },
          'Regrets are multiplied by the ',
          term('protection', 'protection weights'),
          `: ${list(regret.protection.map((c, k) => `${names[k]} ${c}`))}.`,
        )
      : null,
    table(view, {
      caption: 'Fair weights and adversary by type',
      captionHidden: true,
      columns: [
        { title: 'Type', heading: true, word: 'typeName' },
        { title: 'Share', numeric: true, word: 'share' },
        { title: 'Fair weight', numeric: true, word: 'weights' },
        ...(intervals ? [{ title: '95 % interval', numeric: true, word: 'interval' as const }] : []),
        ...(bootstrap
          ? [{ title: intervalTitle(bootstrap), numeric: true, word: 'bootstrap' as const }]
          : []),
        { title: 'Adversary', numeric: true, word: 'adversary' },
        { title: 'Protection', numeric: true, word: 'protection' },
      ],
      rows: result.types.map((t, k) => [
        { value: t.name, show: typeName(names, k) },
        { value: t.share, show: percent(t.share) },
        { value: regret.weights[k], show: percent(regret.weights[k]) },
        ...(intervals ? [intervalCell(intervals.weights[k], percent)] : []),
        ...(bootstrap ? [intervalCell(bootstrap.weights[k], percent)] : []),
        { value: regret.adversary[k], show: percent(regret.adversary[k]) },
        regret.protection[k],
      ]),
    }),
  );
}

/** For whom the fair mixture is hardest, in a sentence. */
function adversaryNote({ regret, types }: RunResult): HTMLElement {
  const people = types.flatMap(({ name }, k) =>
    regret.adversary[k] >= 0.0005 ? [`${percent(regret.adversary[k])} ${name}`] : [],
  );
  return el(
    'p',
    {},
    'The ',
    term('adversary', 'hardest population'),
    people.length === 0
      ? ' does not exist here: under the fair mixture no type loses anything.'
      : ` for the fair mixture is ${list(people)}. There every mixture of these policies loses at least ${nats(regret.value - regret.gap)} nats on average.`,
  );
}

function samplingNote({ prompts, population, responses, cut }: RegretSampling): HTMLElement {
  return el(
    'p',
    { class: 'note' },
    `Regrets of language models are estimates, from ${counted(responses, 'response')} of each policy to each of ${counted(prompts, 'prompt')}`,
    prompts < population ? ` out of ${integer(population)}` : '',
    '. Each stands with its ',
    term('standardError', 'standard error'),
    '.',
    cut > 0 ? ` ${percent(cut)} of the responses were cut off at the longest length.` : '',
  );
}

/** An estimate with its standard error, where it is none of an exact expectation. */
function withError(value: string, error: number | undefined, show: (value: number) => string): Child {
  if (error === undefined || error === 0) return value;
  return el('span', {}, value, el('span', { class: 'error' }, ` ± ${show(error)}`));
}

function typeName(names: readonly string[], type: number): HTMLElement {
  return el('span', {}, swatch(type), el('bdi', { dir: 'auto' }, names[type]));
}

function candidatesSection(view: View, result: RunResult, { fair, fairest }: Choices): HTMLElement {
  const names = result.types.map((t) => t.name);
  const sorted = [...result.candidates].sort((a, b) => a.worst - b.worst);
  const largest = Math.max(...sorted.flatMap((c) => c.regret.map(Math.abs)), Number.MIN_VALUE);
  const sampled = sorted.some((c) => c.standardError !== undefined);
  const chart = figure(view, {
    title: 'Regret by type under each candidate',
    word: 'regret',
    note: `In nats; shorter is better. Candidates are ordered by their worst-off type, fairest first.${sampled ? ' The thin lines reach two standard errors to each side.' : ''}`,
    height: candidatesHeight(sorted.length, names.length),
    draw: (width) => candidatesChart(sorted, names, width),
    numbers: sampled ? () => candidateNumbers(sorted, names) : undefined,
  });
  const shown = natsAlike(sorted.flatMap((c) => c.regret));
  const bootstrap = result.stability?.bootstrap;
  const ends = (c: Candidate) => bootstrap?.candidates[result.candidates.indexOf(c)].worst;
  const against = sorted.some((c) => c.worstAgainstPlain && c.kind !== 'plain-dpo');
  const label = (c: Candidate) =>
    el(
      'span',
      {},
      candidateName(c),
      ...(c === fairest ? [' ', badge('fairest')] : []),
      ...(c === fair ? [' ', badge('this run’s policy')] : []),
    );
  return section(
    'Candidate policies',
    table(view, {
      caption: 'Regret of every type under every candidate policy, fairest first',
      captionHidden: true,
      columns: [
        { title: 'Policy', heading: true, word: 'policyName' },
        { title: 'Worst', numeric: true, word: 'worst' },
        ...(sampled ? [{ title: '95 % interval', numeric: true, word: 'interval' as const }] : []),
        ...(bootstrap
          ? [{ title: intervalTitle(bootstrap), numeric: true, word: 'bootstrap' as const }]
          : []),
        ...(against ? [{ title: 'Against plain DPO', numeric: true, word: 'againstPlain' as const }] : []),
        ...names.map((title, type) => ({ title, numeric: true, type, word: 'regret' as const })),
      ],
      rows: sorted.map((c) => [
        { value: candidateName(c), show: label(c) },
        { value: c.worst, show: shown(c.worst) },
        ...(sampled ? [c.worstInterval ? intervalCell(c.worstInterval, shown) : null] : []),
        ...(bootstrap ? [intervalCell(ends(c)!, shown)] : []),
        ...(against ? [againstPlain(c, shown)] : []),
        ...c.regret.map((r, k) => ({
          value: r,
          show: el(
            'span',
            {},
            worstOff(c).includes(k) ? el('strong', {}, shown(r)) : shown(r),
            withError('', c.standardError?.[k], shown),
          ),
          tint: heatColour(r / largest),
        })),
      ]),
    }),
    chart.element,
  );
}

/** Whether the worst-off type is better or worse off than plain DPO’s, as far as the sample can tell. */
function againstPlain({ kind, worstAgainstPlain }: Candidate, show: (value: number) => string): Cell {
  if (!worstAgainstPlain || kind === 'plain-dpo') return null;
  const [low, high] = worstAgainstPlain;
  const verdict = high < 0 ? 'fairer' : low > 0 ? 'less fair' : 'not settled';
  return {
    value: worstAgainstPlain.join(' to '),
    show: el(
      'span',
      {},
      interval(worstAgainstPlain, show),
      el('br'),
      el('span', { class: 'muted' }, verdict),
    ),
  };
}

function candidateNumbers(candidates: readonly Candidate[], names: readonly string[]): TableOptions {
  return {
    caption: 'Regret of every type under every candidate policy, with standard errors',
    columns: [
      { title: 'Policy', heading: true, word: 'policyName' },
      ...names.flatMap((title, type) => [
        { title, numeric: true, type, word: 'regret' as const },
        { title: `s.e., ${title}`, numeric: true, word: 'standardError' as const },
      ]),
      { title: 'Worst', numeric: true, word: 'worst' },
      { title: 'lowest', numeric: true, word: 'interval' },
      { title: 'highest', numeric: true, word: 'interval' },
    ],
    rows: candidates.map((c) => [
      candidateName(c),
      ...c.regret.flatMap((r, k) => [number(r), number(c.standardError?.[k])]),
      number(c.worst),
      number(c.worstInterval?.[0]),
      number(c.worstInterval?.[1]),
    ]),
  };
}

function number(value: number | undefined): Cell {
  return value === undefined ? null : { value, show: nats(value) };
}

function matrixSection(view: View, result: RunResult): HTMLElement {
  const { matrix, standardError } = result.regret;
  const bootstrap = result.stability?.bootstrap;
  const names = result.types.map((t) => t.name);
  const suits = matrix.flatMap((row, i) =>
    row.flatMap((r, j) =>
      r < -Math.max(0.0005, 2 * (standardError?.[i][j] ?? 0))
        ? [`${names[j]}’s policy suits ${names[i]} better than its own (${nats(r)})`]
        : [],
    ),
  );
  const chart = figure(view, {
    title: 'Regret matrix',
    word: 'regretMatrix',
    note: 'Read along a row: what that type loses, in nats, when another type’s policy answers.',
    height: regretHeatHeight(names.length),
    draw: (width) => regretHeat(matrix, names, width, standardError, bootstrap?.regret),
    numbers: () => matrixNumbers(result.regret, names, bootstrap),
  });
  return section(
    'Who loses under whose policy',
    chart.element,
    el(
      'p',
      { class: 'note' },
      standardError
        ? 'Under each number stands its standard error.'
        : bootstrap
          ? `Under each number stands its ${intervalTitle(bootstrap)} by bootstrap over annotators. Expectations over the listed responses are exact.`
          : 'These are exact expectations over the listed responses: no sampling error.',
    ),
    suits.length > 0 ? el('p', {}, `${list(suits)}.`) : null,
  );
}

function matrixNumbers(
  { matrix, standardError }: RegretSummary,
  names: readonly string[],
  bootstrap?: BootstrapSummary,
): TableOptions {
  const shown = natsAlike(matrix.flat());
  return {
    caption: 'Regret of the type in the row under the policy in the column',
    columns: [
      { title: 'Type', heading: true, word: 'typeName' },
      ...names.map((title, type) => ({
        title: `policy of ${title}`,
        numeric: true,
        type,
        word: 'regretMatrix' as const,
      })),
      ...(standardError
        ? names.map((name) => ({ title: `s.e., ${name}`, numeric: true, word: 'standardError' as const }))
        : []),
      ...(bootstrap
        ? names.map((name) => ({
            title: `${intervalTitle(bootstrap)}, ${name}`,
            numeric: true,
            word: 'bootstrap' as const,
          }))
        : []),
    ],
    rows: matrix.map((row, i) => [
      names[i],
      ...row.map((r) => ({ value: r, show: shown(r) })),
      ...(standardError ? standardError[i].map((s) => ({ value: s, show: nats(s) })) : []),
      ...(bootstrap ? bootstrap.regret[i].map((ends) => intervalCell(ends, shown)) : []),
    ]),
  };
}

function sensitivitySection(view: View, result: RunResult): HTMLElement {
  const names = result.types.map((t) => t.name);
  const plainWorst = (candidates: readonly Candidate[]) =>
    candidates.find((c) => c.kind === 'plain-dpo')?.worst;
  const rows = [
    {
      beta: result.fit.beta,
      weights: result.regret.weights,
      value: result.regret.value,
      candidates: result.candidates,
    },
    ...result.regret.sensitivity,
  ].sort((a, b) => a.beta - b.beta);
  const shown = natsAlike(rows.flatMap((row) => [row.value, plainWorst(row.candidates) ?? 0]));
  return section(
    'If β were different',
    el(
      'p',
      { class: 'note' },
      term('beta', 'β'),
      ' moves policies and regrets, but neither types nor log-likelihood. If the fair weights change much here, do not lean on them.',
    ),
    table(view, {
      caption: 'Fair weights and regrets at other values of β',
      captionHidden: true,
      columns: [
        { title: 'β', heading: true, numeric: true, word: 'beta' },
        { title: 'Value', numeric: true, word: 'value' },
        { title: 'Plain DPO, worst', numeric: true, word: 'plainDpo' },
        ...names.map((title, type) => ({
          title: `weight of ${title}`,
          numeric: true,
          type,
          word: 'weights' as const,
        })),
      ],
      rows: rows.map((row) => {
        const worst = plainWorst(row.candidates);
        return [
          {
            value: row.beta,
            show: el(
              'span',
              {},
              Number(row.beta.toPrecision(3)),
              row.beta === result.fit.beta ? ' (this run)' : null,
            ),
          },
          { value: row.value, show: shown(row.value) },
          worst === undefined ? null : { value: worst, show: shown(worst) },
          ...row.weights.map((w) => ({ value: w, show: percent(w) })),
        ];
      }),
    }),
  );
}
