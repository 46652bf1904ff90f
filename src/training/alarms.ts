import type { Alarm } from '../protocol/result';
import type { MixtureFit } from './fit';
import { effectiveTypes } from './fit';
import type { Problem } from './problem';

const COLLAPSED_SHARE = 0.9;
const FEW_ANNOTATORS = 5;
/** A type that stands for less than half an annotator is nobody's. */
const EMPTY = 0.5;
const SAME_SOLUTION = 0.8;
const EXTREME_REWARD = 15;

/** All that these two alarms look at. */
interface Shares {
  readonly mixture: { readonly shares: Float64Array };
}

/** What in a fit should make a person doubt it, each with what to do. */
export function fitAlarms(problem: Problem, fit: MixtureFit): Alarm[] {
  return [
    ...notConverged(fit),
    ...collapse(fit),
    ...smallTypes(problem, fit),
    ...equalTypes(problem, fit),
    ...startsDisagree(problem, fit),
    ...boundary(problem, fit),
  ];
}

function notConverged(fit: MixtureFit): Alarm[] {
  if (fit.converged) return [];
  return [
    {
      code: 'em/not-converged',
      message: `The best start had not converged after ${fit.iterations} iterations. Raise em.iterations.`,
    },
  ];
}

export function collapse({ mixture: { shares } }: Shares): Alarm[] {
  if (shares.length === 1 || shares[0] < COLLAPSED_SHARE) return [];
  return [
    {
      code: 'em/collapse',
      message:
        `One type holds ${percent(shares[0])} of the annotators (${effectiveTypes(shares).toFixed(2)} effective types of ` +
        `${shares.length}). The data may know only one type: compare with fewer types.`,
    },
  ];
}

/** Types whose rewards differ by less than this, in nats, at every alternative are one. */
const SAME_REWARD = 0.05;

function equalTypes(problem: Problem, { mixture: { shares, utility } }: MixtureFit): Alarm[] {
  return utility.flatMap((one, k) =>
    utility.slice(0, k).flatMap((other, j) => {
      const most = one.reduce((largest, u, y) => Math.max(largest, Math.abs(u - other[y])), 0);
      if (most >= SAME_REWARD || shares[k] * problem.annotators < EMPTY) return [];
      return [
        {
          code: 'em/equal-types',
          message:
            `Types ${j + 1} and ${k + 1} want the same (rewards differ by at most ${most.toFixed(3)} nats): how annotators ` +
            'are divided between them is arbitrary. Use fewer types.',
        },
      ];
    }),
  );
}

export function smallTypes(problem: Problem, { mixture: { shares } }: Shares): Alarm[] {
  return Array.from(shares).flatMap((share, k) => {
    const annotators = share * problem.annotators;
    if (annotators >= FEW_ANNOTATORS) return [];
    if (annotators < EMPTY) {
      return [
        {
          code: 'em/empty-type',
          message:
            `Type ${k + 1} is empty: it stands for ${annotators.toFixed(2)} annotators, and its policy and regrets mean ` +
            'nothing. Use fewer types.',
        },
      ];
    }
    return [
      {
        code: 'em/small-type',
        message:
          `Type ${k + 1} stands for ${annotators.toFixed(1)} annotators (${percent(share)}): too ` +
          'few to say what it wants. Use fewer types or more annotators.',
      },
    ];
  });
}

function startsDisagree(problem: Problem, { starts, objective }: MixtureFit): Alarm[] {
  if (starts.length < 2) return [];
  const behind = (o: number): number => objective - o;
  const reached = starts.filter((s) => behind(s.objective) < 0.01);
  const rival = starts.find((s) => behind(s.objective) < 2 && s.agreement < SAME_SOLUTION);
  if (rival) {
    return [
      {
        code: 'em/starts-disagree',
        message:
          `Two different solutions fit almost equally well: one start ends ${behind(rival.objective).toFixed(2)} nats ` +
          `below the best and assigns annotators differently (adjusted Rand ${rival.agreement.toFixed(2)}). Do not read ` +
          'single annotators off this fit; collect more records per annotator.',
      },
    ];
  }
  if (reached.length > 1 || starts.length < 4) return [];
  return [
    {
      code: 'em/starts-disagree',
      message:
        `Only one of ${starts.length} starts reached the best likelihood for ${problem.annotators} annotators; a better ` +
        'one may have been missed. Raise em.starts.',
    },
  ];
}

function boundary(problem: Problem, { mixture }: MixtureFit): Alarm[] {
  return mixture.utility.flatMap((utility, k) => {
    const largest = utility.reduce((most, u) => Math.max(most, Math.abs(u)), 0);
    if (largest < EXTREME_REWARD) return [];
    return [
      {
        code: 'em/boundary',
        message:
          `Rewards of type ${k + 1} run away (${largest.toFixed(0)} nats): some of its ${problem.rankings.alternatives} ` +
          'alternatives always or never win, so no finite value is best. Set a prior (em.prior) above 0.',
      },
    ];
  });
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
