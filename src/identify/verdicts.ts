import type { RankingTable } from '../dataset/table';
import type { Finding } from '../protocol/finding';
import type { ScopeVerdict, ValidationReport } from '../protocol/validation';
import { context, type Context } from './context';
import { RULES } from './findings/rules';
import { finiteMixture } from './scopes/finite-mixture';
import { fit } from './scopes/fit';
import { linearReward } from './scopes/linear-reward';
import { nonparametric } from './scopes/nonparametric';

const SCOPES: readonly ((context: Context, types: number) => ScopeVerdict)[] = [
  nonparametric,
  finiteMixture,
  linearReward,
  fit,
];

export interface ValidateOptions {
  /** Number of types to speak about; 1 to 6 when absent. */
  readonly types?: number;
}

/**
 * What a dataset can tell about annotator types: the reader's findings, those of the `identify/…` rules, and a verdict
 * for each number of types and each scope (docs/identifiability.md).
 *
 * @param findings of the reader, passed on first
 */
export function validateTable(
  table: RankingTable,
  findings: readonly Finding[],
  { types }: ValidateOptions = {},
): ValidationReport {
  const { summary: dataset } = table;
  if (table.records === 0) return { dataset, findings, verdicts: [], design: [] };
  const asked = types === undefined ? [1, 2, 3, 4, 5, 6] : [types];
  const seen = context(table, asked);
  return {
    dataset,
    findings: [...findings, ...RULES.flatMap((rule) => rule(seen))],
    verdicts: asked.flatMap((k) => SCOPES.map((scope) => scope(seen, k))),
    design: [],
  };
}
