import type { RankingTable } from '../dataset/table';
import { adviceFor } from '../identify/verdicts';
import type { AdvicePlan, ValidationReport } from '../protocol/validation';

/** How well every share is to be known. */
const SHARE_ERROR = 0.05;
/** Beyond these a plan would take longer than many a fit; `emdpo validate --advise` makes it all the same. */
const MOST_PARAMETERS = 400;
const MOST_RECORDS = 100_000;
/** Annotators, prompts and pairs that a run names of each option; `emdpo validate --advise --json` names all. */
const MOST_NAMED = 200;

/** What to collect so that every share is known to ± 5 %; undefined where it cannot be said, or not soon. */
export function planCollection(
  table: RankingTable,
  { design }: Pick<ValidationReport, 'design'>,
  types: number,
): AdvicePlan | undefined {
  const parameters = Math.max(0, ...design.map((each) => each.parameters));
  if (types < 2 || table.records > MOST_RECORDS || parameters > MOST_PARAMETERS) return undefined;
  const plan = adviceFor(table, types, { measure: 'share', value: SHARE_ERROR });
  return (
    plan && {
      ...plan,
      options: plan.options.map((option) => ({
        ...option,
        ...(option.annotators && { annotators: option.annotators.slice(0, MOST_NAMED) }),
        ...(option.prompts && { prompts: option.prompts.slice(0, MOST_NAMED) }),
        ...(option.pairs && { pairs: option.pairs.slice(0, MOST_NAMED) }),
      })),
    }
  );
}
