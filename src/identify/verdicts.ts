import type { RankingTable } from '../dataset/table';
import type { Finding } from '../protocol/finding';
import type { AdvicePlan, AdviceTarget, ScopeVerdict, ValidationReport } from '../protocol/validation';
import { finish, inSteps, type Steps, type StepsOptions } from '../steps';
import { advise } from './advice/advise';
import { collection } from './collection/collection';
import { context, type Context } from './context';
import { dataFindings } from './data/rules';
import { RULES } from './findings/rules';
import { designInformationSteps } from './information/design-information';
import { informationFindings } from './information/findings';
import { finiteMixture } from './scopes/finite-mixture';
import { fit } from './scopes/fit';
import { linearReward } from './scopes/linear-reward';
import { nonparametric } from './scopes/nonparametric';
import type { Statement } from './scopes/statement';

export interface ValidateOptions {
  /** The number of types to speak about; 1 to 6 when absent. */
  readonly types?: number;
  /** Compute the Fisher information of the design too: seconds, not milliseconds. */
  readonly information?: boolean;
  /** Plan what to collect to reach this; for `types`, or 2 where it is absent. */
  readonly advise?: AdviceTarget;
  /** Further numbers of types to judge as finite mixtures, for `mixtures` of the report. */
  readonly mixtures?: readonly number[];
  /** Say how the dataset was collected: histograms and graphs, for drawing. */
  readonly collection?: boolean;
}

const SCOPES = {
  nonparametric,
  'finite-mixture': finiteMixture,
  'linear-reward': linearReward,
  fit,
} as const satisfies Partial<Record<ScopeVerdict['scope'], (context: Context, types: number) => Statement>>;

/**
 * What can be learned from a dataset about annotator types: one verdict for each scope and number of types.
 *
 * @param findings of reading the dataset; the `identify/…` and `data/…` findings are added after them
 */
export function validateTable(
  table: RankingTable,
  findings: readonly Finding[],
  options: ValidateOptions = {},
): ValidationReport {
  return finish(validationSteps(table, findings, options));
}

/** The same with a turn for other work between its steps, so that it can be watched and cancelled. */
export function validateInSteps(
  table: RankingTable,
  findings: readonly Finding[],
  options: ValidateOptions & StepsOptions = {},
): Promise<ValidationReport> {
  return inSteps(validationSteps(table, findings, options), options);
}

function* validationSteps(
  table: RankingTable,
  findings: readonly Finding[],
  { types, information = false, advise: target, mixtures, collection: drawn = false }: ValidateOptions,
): Steps<ValidationReport> {
  if (table.records === 0) return { dataset: table.summary, findings, verdicts: [], design: [] };
  const asked = types === undefined ? [1, 2, 3, 4, 5, 6] : [types];
  const seen = context(table, asked);
  const design = information ? yield* designInformationSteps(seen) : [];
  return {
    dataset: table.summary,
    findings: [
      ...findings,
      ...RULES.flatMap((rule) => rule(seen)),
      ...(information ? informationFindings(seen, design) : []),
      ...dataFindings(table, seen.choiceSets),
    ],
    verdicts: asked.flatMap((k) =>
      Object.entries(SCOPES).map(([scope, judge]) => ({
        types: k,
        scope: scope as keyof typeof SCOPES,
        ...judge(seen, k),
      })),
    ),
    design,
    ...(target !== undefined && { advice: advise(seen, { types: types ?? 2, target }) }),
    ...(mixtures && {
      mixtures: mixtures.map((k) => ({ types: k, scope: 'finite-mixture', ...finiteMixture(seen, k) })),
    }),
    ...(drawn && { collection: collection(seen) }),
  };
}

/** What to collect so that `types` types are known well enough; undefined where the test cannot take the design. */
export function adviceFor(table: RankingTable, types: number, target: AdviceTarget): AdvicePlan | undefined {
  return table.records === 0 ? undefined : advise(context(table, [types]), { types, target });
}
