import type { Context } from '../context';
import { maybeDrawnIndependently } from '../draws';
import { tooFewAlternatives } from '../findings/few-alternatives';
import { recordsNeeded, tooFewRecords } from '../findings/few-records';
import { nothingLinks, sharesNothing } from '../findings/no-shared-prompts';
import { isSinglePairs } from '../findings/single-pairs';
import { shareWithRecords } from '../profile';
import { sizeOf } from '../questions';
import { ASSUMPTIONS, SOURCES } from '../sources';
import { tooFewFrequencies } from '../too-few-frequencies';
import { decide, oneType, type Argument, type Statement } from './statement';

const MIXTURE = [ASSUMPTIONS.model, ASSUMPTIONS.oneType, ASSUMPTIONS.generic];
/** Share of the annotators from which a theorem about their records is taken to apply. */
const MOSTLY = 0.5;

/** Can a mixture of K Plackett-Luce models be recovered? Each theorem only where its assumptions hold in this dataset. */
export function finiteMixture(context: Context, types: number): Statement {
  if (types === 1) return oneType();
  return decide([
    ...tooFewPlaces(context, types),
    ...unlinked(context),
    ...tooFewNumbers(context, types),
    ...oneRanking(context, types),
    ...severalRecords(context, types),
    ...drawnRecords(context, types),
    ...twoComponents(context, types),
    ...undecided(context, types),
  ]);
}

/** One ranking each of the same m alternatives, m ≤ 2K − 1. */
function tooFewPlaces({ ranking }: Context, types: number): Argument[] {
  if (!ranking || !tooFewAlternatives(ranking, types)) return [];
  const { alternatives: m, deepest } = ranking;
  const whole = deepest === m - 1;
  return [
    {
      verdict: 'necessary-fails',
      reasons: ['identify/few-alternatives'],
      because: `One ranking each of ${m} alternatives${whole ? '' : `, at most ${deepest} deep,`} is too little: for some parameters different sets of this many types produce exactly the same rankings (${whole ? 'm' : 'l + 1'} ≤ 2K − 1). Other parameters may still be told apart.`,
      source: whole ? SOURCES.zhao2016 : SOURCES.zhao2019,
    },
  ];
}

/** Rewards of their own for each response, and no response that two annotators judged. */
function unlinked(context: Context): Argument[] {
  if (!nothingLinks(context)) return [];
  return [
    {
      verdict: 'necessary-fails',
      reasons: ['identify/no-shared-prompts'],
      because:
        'No two annotators judged anything in common and the file gives no features: with one reward for each response nothing links one annotator to another.',
    },
  ];
}

/** One record a person, and fewer frequencies to be seen than there are parameters. */
function tooFewNumbers(context: Context, types: number): Argument[] {
  const counted = tooFewFrequencies(context, types);
  if (!counted) return [];
  const reasons = [
    ...(isSinglePairs(context) ? ['identify/single-pairs'] : []),
    ...(context.profile.strangers > 0 ? ['identify/no-annotators'] : []),
  ];
  return [
    {
      verdict: 'necessary-fails',
      reasons: reasons.length > 0 ? reasons : ['identify/few-records'],
      because: `With one record a person, the ${counted.questions} different choice sets show ${counted.frequencies} independent frequencies, fewer than the shares and rewards of this many types (K − 1 + K·${counted.rewards}).`,
      source: SOURCES.rothenberg1971,
    },
  ];
}

/** One ranking each of the same m alternatives, enough of them. */
function oneRanking({ ranking }: Context, types: number): Argument[] {
  if (!ranking) return [];
  const { alternatives: m, full, topThree } = ranking;
  const assumptions = full < 1 ? [...MIXTURE, ASSUMPTIONS.depth] : MIXTURE;
  if (full > MOSTLY && ((types === 2 && m >= 4) || types <= factorial(Math.floor((m - 2) / 2)))) {
    const because = `${percent(full)} of the annotators ranked all ${m} alternatives, enough for this many types.`;
    return [{ verdict: 'sufficient-generic', because, source: SOURCES.zhao2016, assumptions }];
  }
  if (topThree > MOSTLY && types === 2 && m >= 4) {
    const because = `${percent(topThree)} of the annotators ranked at least their top three of ${m}, enough for two types.`;
    return [{ verdict: 'sufficient-generic', because, source: SOURCES.zhao2019, assumptions }];
  }
  return [];
}

/** Several records per annotator on the same questions are independent views of the type. */
function severalRecords({ links }: Context, types: number): Argument[] {
  const { determined, support, all } = links(types);
  if (!all) return [];
  return [
    {
      verdict: 'sufficient-generic',
      because: `${determined} choice sets are tied together by people who judged several of them (${support} or more at each step); at a random Plackett-Luce mixture they have the Kruskal ranks that this many types need.`,
      source: SOURCES.allman2009,
      assumptions: [...MIXTURE, ASSUMPTIONS.independent, ASSUMPTIONS.prompts],
    },
  ];
}

/** 2K − 1 records of each annotator whose questions are drawn at random identify any K types. */
function drawnRecords(context: Context, types: number): Argument[] {
  const { table, profile, features, sharing, connectivity, questions } = context;
  const needed = 2 * types - 1;
  const enough = shareWithRecords(profile, needed);
  // what a type's answers are determines its rewards
  const rewards = features
    ? features.rank === features.features
    : sharing.groups.count === 1 && connectivity[0].weak.count === connectivity[0].needed;
  if (enough <= MOSTLY || !rewards || (!features && sharesNothing(context))) return [];
  if (!maybeDrawnIndependently(table, questions)) return [];
  return [
    {
      verdict: 'sufficient-generic',
      because: `${percent(enough)} of the annotators gave at least 2K − 1 records on varied questions, which identifies this many types if the questions were drawn at random.`,
      source: SOURCES.vandermeulen,
      assumptions: [
        ASSUMPTIONS.model,
        ...(features ? [ASSUMPTIONS.linear] : []),
        ASSUMPTIONS.oneType,
        ASSUMPTIONS.independent,
        ASSUMPTIONS.drawn,
        ASSUMPTIONS.prompts,
      ],
    },
  ];
}

/** Two components over shared items are identified from single pairs, if every pair was asked. */
function twoComponents(context: Context, types: number): Argument[] {
  const { unit, table, profile, questions } = context;
  const shared = unit === 'items' || table.prompts.size === 1;
  if (types !== 2 || !shared || !isSinglePairs(context) || profile.strangers > 0) return [];
  const n = unit === 'items' ? table.items!.size : table.responses.size;
  let pairs = 0;
  for (let q = 0; q < questions.count; q++) if (sizeOf(questions, q) === 2) pairs++;
  if (n < 5 || pairs < (n * (n - 1)) / 2) {
    const because =
      'Two components over shared items are generically identified from single pairs when every pair is asked; here some are not.';
    return [{ verdict: 'unknown', reasons: ['identify/single-pairs'], because, source: SOURCES.zhang2022 }];
  }
  return [
    {
      verdict: 'sufficient-generic',
      because: `Every pair of the ${n} shared items was asked, which identifies two components from single pairs, but not near symmetric points such as b and −b in equal shares.`,
      source: SOURCES.zhang2022,
      assumptions: [...MIXTURE, ASSUMPTIONS.exactlyTwo, ASSUMPTIONS.prompts],
    },
  ];
}

function undecided(context: Context, types: number): Argument[] {
  const { ranking, features, profile } = context;
  const found: Argument[] = [];
  const add = (because: string, reason?: string, source?: string) =>
    found.push({ verdict: 'unknown', reasons: reason === undefined ? [] : [reason], because, source });
  if (profile.strangers > 0) {
    add(
      'Records that name no annotator count as one record of one person each, and tell little about types.',
      'identify/no-annotators',
    );
  }
  if (isSinglePairs(context)) {
    add(
      'Each annotator gave one pair; no theorem covers that for this many types and these pairs.',
      'identify/single-pairs',
    );
  } else if (ranking) {
    add('No theorem covers this many types from one ranking each of these alternatives.');
  } else if (tooFewRecords(context, types)) {
    add(
      `Half of the annotators or more gave fewer than ${recordsNeeded(context, types)} records, the number from which records of this kind count as independent views for this many types.`,
      'identify/few-records',
      SOURCES.allman2009,
    );
  } else if (sharesNothing(context)) {
    add(
      'No two annotators judged anything in common, and the theorems that need nothing in common want more records of each or richer features.',
      'identify/no-shared-prompts',
    );
  } else {
    const { determined, shared } = context.links(types);
    add(
      `Annotators gave enough records, but too few people judged the same choice sets: ${determined} of ${shared} shared choice sets could be linked.`,
      undefined,
      SOURCES.allman2009,
    );
  }
  if (features && features.rank < features.features) {
    add('Some weights of the features are never seen.', 'identify/rank-deficient-features', SOURCES.lemma43);
  }
  return found;
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}

function percent(share: number): string {
  return `${Math.floor(100 * share)} %`;
}
