import { optionsNeeded } from './plan';
import type { Population } from './population';

/** Something a JSON schema cannot say, and the value it concerns. */
export interface Problem {
  readonly path: readonly (string | number)[];
  /** That it is there at all is the problem: its key is the place to show. */
  readonly key?: true;
  readonly message: string;
}

/** What is wrong with a population whose form is right; empty when it can be simulated. */
export function checkPopulation(population: Population): Problem[] {
  return [
    ...checkShares(population.types, 'types'),
    ...checkNames(
      population.types.map((type) => type.name),
      'type name',
      (k) => ['types', k, 'name'],
    ),
    ...checkWeights(population),
    ...checkRecords(population),
    ...checkShares(population.formats, 'formats'),
    ...checkFormats(population),
    ...checkPrompts(population),
  ];
}

function checkShares(parts: readonly { readonly share: number }[], key: 'types' | 'formats'): Problem[] {
  const sum = parts.reduce((total, part) => total + part.share, 0);
  if (Math.abs(sum - 1) <= 1e-6) return [];
  const message = `The shares of the ${key} sum to ${Number(sum.toPrecision(6))}; make them sum to 1.`;
  return [{ path: [key], message }];
}

function checkNames(names: readonly string[], what: string, path: (i: number) => Problem['path']): Problem[] {
  const first = new Map<string, number>();
  return names.flatMap((name, i) => {
    const seen = first.get(name);
    if (seen === undefined) {
      first.set(name, i);
      return [];
    }
    const message = `This ${what} is the same as number ${seen + 1}; give each its own.`;
    return [{ path: path(i), message }];
  });
}

function checkWeights(population: Population): Problem[] {
  const known = new Set(Object.keys(population.attributes));
  const topics = new Set(population.prompts.map((x) => x.topic));
  const unknown = (values: object, path: Problem['path']) =>
    Object.keys(values)
      .filter((name) => !known.has(name))
      .map((name) => ({
        path: [...path, name],
        key: true as const,
        message: `"${name}" is not one of the attributes (${[...known].join(', ')}); mend the name or declare it in "attributes".`,
      }));
  return [
    ...population.types.flatMap((type, k) => [
      ...unknown(type.weights, ['types', k, 'weights']),
      ...Object.entries(type.topics ?? {}).flatMap(([topic, weights]) => [
        ...unknown(weights, ['types', k, 'topics', topic]),
        ...(topics.has(topic)
          ? []
          : [
              {
                path: ['types', k, 'topics', topic],
                key: true as const,
                message: `No prompt has the topic "${topic}"; mend the name or give a prompt this topic.`,
              },
            ]),
      ]),
    ]),
    ...population.prompts.flatMap((x, i) =>
      x.responses.flatMap((y, j) => unknown(y.attributes, ['prompts', i, 'responses', j, 'attributes'])),
    ),
  ];
}

function checkRecords(population: Population): Problem[] {
  const [fewest, most] = population.annotators.records;
  if (fewest <= most) return [];
  const message = `The fewest records per annotator, ${fewest}, are more than the most, ${most}; swap them.`;
  return [{ path: ['annotators', 'records'], message }];
}

function checkFormats(population: Population): Problem[] {
  const largest = Math.max(...population.prompts.map((x) => x.responses.length));
  return population.formats.flatMap((format, i): Problem[] => {
    const path = ['formats', i];
    if (format.format === 'top' && format.top >= format.of) {
      const message = `Ranking the top ${format.top} of ${format.of} ranks them all; use the format "ranking", or a smaller "top".`;
      return [{ path: [...path, 'top'], message }];
    }
    const needed = optionsNeeded(format);
    if (needed <= largest) return [];
    const message = `This format shows ${needed} responses, but no prompt has more than ${largest}; make "of" smaller or write more responses.`;
    return [{ path: [...path, 'of'], message }];
  });
}

function checkPrompts(population: Population): Problem[] {
  return [
    ...checkNames(
      population.prompts.map((x) => x.prompt),
      'prompt',
      (i) => ['prompts', i, 'prompt'],
    ),
    ...population.prompts.flatMap((x, i) =>
      checkNames(
        x.responses.map((y) => y.text),
        'response',
        (j) => ['prompts', i, 'responses', j, 'text'],
      ),
    ),
  ];
}
