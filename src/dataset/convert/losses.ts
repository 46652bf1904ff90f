import { UNRANKED, type RankingTable } from '../table';

/** What a table holds beside prompts, responses and rankings. */
export type Part = 'annotators' | 'types' | 'weights' | 'items' | 'features' | 'reference';

/** What a form that keeps only `kept` cannot hold of a table, counted, in sentences. */
export function losses(table: RankingTable, kept: readonly Part[]): string[] {
  const count = (column: { readonly length: number } & Iterable<number>, is: (value: number) => boolean) => {
    let n = 0;
    for (const value of column) if (is(value)) n++;
    return n;
  };
  const held: Readonly<Record<Part, () => readonly [number, string]>> = {
    annotators: () => [count(table.annotator, (a) => a >= 0), 'records lose the name of their annotator'],
    types: () => [count(table.knownType, (type) => type >= 0), 'annotators lose their known type'],
    weights: () => [count(table.weight, (weight) => weight !== 1), 'records lose their weight'],
    items: () => [table.responseItem ? table.responses.size : 0, 'responses lose their item'],
    features: () => [table.features ? table.responses.size : 0, 'responses lose their features'],
    reference: () => [
      table.reference ? table.responses.size : 0,
      'responses lose their reference probability',
    ],
  };
  const parts = Object.keys(held) as Part[];
  return parts
    .filter((part) => !kept.includes(part))
    .map((part) => held[part]())
    .filter(([n]) => n > 0)
    .map(([n, what]) => `${n} ${what}.`);
}

/** Whether somebody left out of a record's ranking was, or was not, shown is known to the table only. */
export function treatmentNote(table: RankingTable): string[] {
  if (table.unranked === 'offered' || !table.level.includes(UNRANKED)) return [];
  return ['The file does not say that responses left out were never shown: read it with --unranked absent.'];
}
