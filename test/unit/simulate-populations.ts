import fc from 'fast-check';
import type { Population, RecordFormat } from '../../src/dataset/simulate/population';

export const FORMATS: readonly RecordFormat[] = [
  { format: 'pair', share: 0.4 },
  { format: 'best-of', of: 3, share: 0.3 },
  { format: 'top', top: 2, of: 4, share: 0.1 },
  { format: 'ranking', share: 0.2 },
];

/** One prompt whose responses have these utilities, judged by one type in one format. */
export function onePrompt(
  utilities: readonly number[],
  format: RecordFormat,
  annotators: number,
  noise: Population['noise'] = {},
): Population {
  return {
    attributes: { worth: 'utility' },
    types: [{ name: 'all', share: 1, weights: { worth: 1 } }],
    annotators: { count: annotators, records: [1, 1] },
    formats: [format],
    noise,
    prompts: [
      { prompt: 'x', responses: utilities.map((u, i) => ({ text: `y${i}`, attributes: { worth: u } })) },
    ],
  };
}

/** Two types that want opposite things, three prompts of four, three and two responses. */
export function twoTypes(annotators: number, noise: Population['noise'] = {}): Population {
  const response = (text: string, good: number, kind: number) => ({ text, attributes: { good, kind } });
  return {
    attributes: { good: 'is right', kind: 'is friendly' },
    types: [
      { name: 'right', share: 0.65, weights: { good: 1.5, kind: -0.5 } },
      { name: 'friendly', share: 0.35, weights: { good: -0.5, kind: 1.5 }, topics: { facts: { good: 0.5 } } },
    ],
    annotators: { count: annotators, records: [2, 5], names: ['ada', 'ben'] },
    formats: FORMATS,
    noise,
    prompts: [
      { prompt: 'a', responses: [response('1', 1, 0), response('2', 0, 1), response('3', 0.5, 0.4), response('4', 0, 0)] },
      { prompt: 'b', topic: 'facts', responses: [response('1', 1, 0), response('2', 0, 1), response('3', 0.2, 0.2)] },
      { prompt: 'c', responses: [response('1', 1, 0), response('2', 0, 1)] },
    ],
  }; // prettier-ignore
}

/** Populations of all shapes that the simulator accepts. */
export const anyPopulation: fc.Arbitrary<Population> = fc
  .record({
    types: fc.array(fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 2, maxLength: 2 }), {
      minLength: 1,
      maxLength: 4,
    }),
    prompts: fc.array(fc.integer({ min: 2, max: 6 }), { minLength: 1, maxLength: 5 }),
    formats: fc.subarray(['pair', 'best-of', 'top', 'ranking'] as const, { minLength: 1 }),
    fewest: fc.integer({ min: 1, max: 4 }),
    more: fc.integer({ min: 0, max: 8 }),
    count: fc.integer({ min: 1, max: 12 }),
    noise: fc.record({
      scale: fc.double({ min: 0, max: 5, noNaN: true }),
      taste: fc.double({ min: 0, max: 2, noNaN: true }),
      careless: fc.constantFrom(0, 0.3, 1),
      ties: fc.constantFrom(0, 0.2, 1),
    }),
    writeFeatures: fc.boolean(),
  })
  .map(({ types, prompts, formats, fewest, more, count, noise, writeFeatures }): Population => {
    const largest = Math.max(...prompts);
    const possible = formats.filter((name) => largest >= 3 || name === 'pair' || name === 'ranking');
    const names = possible.length > 0 ? possible : ['pair' as const];
    return {
      attributes: { a: 'first', b: 'second' },
      types: types.map(([a, b], k) => ({ name: `type ${k}`, share: 1 / types.length, weights: { a, b } })),
      annotators: { count, records: [fewest, fewest + more] },
      formats: names.map((name): RecordFormat => {
        const share = 1 / names.length;
        if (name === 'best-of') return { format: name, of: largest, share };
        if (name === 'top') return { format: name, top: largest - 2, of: largest, share };
        return { format: name, share };
      }),
      noise,
      writeFeatures,
      prompts: prompts.map((m, x) => ({
        prompt: `prompt ${x}`,
        responses: Array.from({ length: m }, (_, y) => ({
          text: `answer ${y}`,
          attributes: { a: y / m, b: x - y },
        })),
      })),
    };
  });
