import fc from 'fast-check';
import type { CanonicalRecord } from '../../src/dataset/canonical-line';
import type { RankingTable } from '../../src/dataset/table';

const text = fc.string({ unit: 'grapheme', maxLength: 6 });
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0); // -0 is written as 0

/** A file of records that fit each other: features and reference belong to the response, items to all or none. */
export const dataset = (names: readonly string[] = ['length', '__proto__', '1']) => fc
  .record({
    itemised: fc.boolean(),
    width: fc.constantFrom(0, 0, 1, 3),
    named: fc.boolean(),
    referenced: fc.boolean(),
    prompts: fc.uniqueArray(text, { minLength: 1, maxLength: 3 }),
    answers: fc.uniqueArray(fc.tuple(text, number, fc.double({ min: 1e-6, max: 1e6, noNaN: true })), {
      minLength: 6,
      maxLength: 9,
      selector: ([answer]) => answer,
    }),
  })
  .chain((shape) =>
    fc.array(
      fc
        .record({
          annotator: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }),
          prompt: fc.constantFrom(...shape.prompts),
          chosen: fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 2 }),
          cuts: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 6, maxLength: 6 }),
          ranked: fc.integer({ min: 1, max: 6 }),
          order: fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }),
          weight: fc.option(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), { nil: undefined }),
          typed: fc.boolean(),
        })
        .map(({ annotator, prompt, chosen, cuts, ranked, order, weight, typed }): CanonicalRecord => {
          const left = order.filter((index) => index < chosen.length).slice(0, ranked);
          const ranking: (number | number[])[] = [];
          for (let i = 0; left.length > 0; i++) {
            const tied = left.splice(0, cuts[i]);
            ranking.push(tied.length === 1 ? tied[0] : tied);
          }
          const answers = chosen.map((index) => shape.answers[index]);
          const row = (value: number) => Array.from({ length: shape.width }, (_, f) => value / (f + 1));
          const named = (value: number) => Object.fromEntries(row(value).map((each, f) => [names[f], each]));
          return {
            annotator,
            type: typed && annotator !== undefined ? `type of ${annotator}` : undefined,
            prompt,
            responses: answers.map(([answer]) => answer),
            ranking,
            weight,
            items: shape.itemised ? answers.map(([, , p]) => `item ${p > 1}`) : undefined,
            features: shape.width === 0 ? undefined : answers.map(([, v]) => (shape.named ? named(v) : row(v))) as number[][],
            reference: shape.referenced ? answers.map(([, , p]) => p) : undefined,
          };
        }),
      { minLength: 1, maxLength: 8 },
    ),
  ); // prettier-ignore

/** What must not change: everything but lines, offsets and remarks. */
export function tableContent(table: RankingTable) {
  const list = (pool: RankingTable['prompts']) => Array.from({ length: pool.size }, (_, id) => pool.text(id));
  return {
    ...table,
    summary: { ...table.summary, assumptions: [] },
    line: [],
    offset: [],
    annotators: list(table.annotators),
    prompts: list(table.prompts),
    responses: list(table.responses),
    items: table.items && list(table.items),
    knownTypes: list(table.knownTypes),
  };
}
