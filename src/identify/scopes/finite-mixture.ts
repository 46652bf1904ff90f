import type { Context } from '../context';
import { tooFewAlternatives } from '../findings/few-alternatives';
import { recordsNeeded, tooFewRecords } from '../findings/few-records';
import { sharesNothing } from '../findings/no-shared-prompts';
import { isSinglePairs } from '../findings/single-pairs';
import { ASSUMPTIONS, SOURCES } from '../sources';
import { oneType, type Statement } from './statement';

const MIXTURE_ASSUMPTIONS = [
  ASSUMPTIONS.model,
  ASSUMPTIONS.oneType,
  ASSUMPTIONS.independent,
  ASSUMPTIONS.generic,
];
/** Share of full (or top-three) rankings from which a theorem about them is taken to apply. */
const MOSTLY = 0.5;

/** Can a mixture of K Plackett-Luce models be recovered? Each theorem only where its assumptions hold in this dataset. */
export function finiteMixture(context: Context, types: number): Statement {
  if (types === 1) return oneType();
  return (
    ranking(context, types) ??
    views(context, types) ??
    twoComponents(context, types) ??
    undecided(context, types)
  );
}

/** One ranking each of the same m alternatives. */
function ranking({ ranking: shared }: Context, types: number): Statement | undefined {
  if (!shared) return undefined;
  const { alternatives: m, deepest, full, topThree } = shared;
  if (tooFewAlternatives(shared, types)) {
    return {
      verdict: 'necessary-fails',
      reasons: ['identify/few-alternatives'],
      because: [
        `One ranking each of ${m} alternatives, ${deepest} places deep, lets different sets of ${types} types produce the same rankings.`,
      ],
      sources: [deepest === m - 1 ? SOURCES.zhao2016 : SOURCES.zhao2019],
      assumptions: [],
    };
  }
  const enough = `so ${types} types are identified but for exceptional parameters.`;
  if (full > MOSTLY && ((types === 2 && m >= 4) || types <= factorial(Math.floor((m - 2) / 2)))) {
    return generic(
      SOURCES.zhao2016,
      `${percent(full)} of the annotators ranked all ${m} alternatives, ${enough}`,
    );
  }
  if (types === 2 && topThree > MOSTLY && m >= 4) {
    return generic(
      SOURCES.zhao2019,
      `${percent(topThree)} of the annotators ranked at least their top three of ${m}, ${enough}`,
    );
  }
  return undefined;
}

/** Several records per annotator are independent views of the type. */
function views(context: Context, types: number): Statement | undefined {
  const { views: common } = context;
  if (common.views.length < 3 || !common.connectAll || !context.kruskal(types)) return undefined;
  return generic(
    SOURCES.allman2009,
    `${common.annotators} annotators all judged the same ${common.views.length} choice sets, and at a random point these have ` +
      `the Kruskal ranks that identify ${types} types.`,
  );
}

/** Two components over shared items are identified from single pairs; no dataset can show that there are only two. */
function twoComponents(context: Context, types: number): Statement | undefined {
  const { unit, table, profile, connectivity } = context;
  const shared = unit === 'items' || table.prompts.size === 1;
  if (types !== 2 || !shared || !isSinglePairs(context) || profile.strangers > 0) return undefined;
  if (connectivity[0].weak.count !== connectivity[0].needed) return undefined;
  return {
    verdict: 'unknown',
    reasons: ['identify/single-pairs'],
    because: [
      'Two Plackett-Luce components over shared items are generically identified from single pairs, but not at symmetric points such as b and −b, and the theorem needs every pair to be asked.',
    ],
    sources: [SOURCES.zhang2022],
    assumptions: MIXTURE_ASSUMPTIONS,
  };
}

function undecided(context: Context, types: number): Statement {
  const reasons: string[] = [];
  const because: string[] = [];
  if (sharesNothing(context)) {
    reasons.push('identify/no-shared-prompts');
    because.push(
      'No two annotators judged the same prompts or items, so a tabular policy has nothing that links them.',
    );
  }
  if (isSinglePairs(context)) {
    reasons.push('identify/single-pairs');
    because.push('Each annotator gave one pair; no theorem covers that for this number of types.');
  } else if (tooFewRecords(context, types)) {
    reasons.push('identify/few-records');
    because.push(
      `Half of the annotators or more gave fewer than ${recordsNeeded(context, types)} records, the number that makes records of this kind independent views for ${types} types.`,
    );
  }
  if (because.length === 0) {
    because.push(
      `Annotators gave enough records (${recordsNeeded(context, types)} or more), but not the same ones, and the theorem about independent views is for the same ones.`,
    );
  }
  return { verdict: 'unknown', reasons, because, sources: [SOURCES.allman2009], assumptions: [] };
}

function generic(source: string, because: string): Statement {
  return {
    verdict: 'sufficient-generic',
    reasons: [],
    because: [because],
    sources: [source],
    assumptions: MIXTURE_ASSUMPTIONS,
  };
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
