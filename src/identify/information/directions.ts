import type { DesignModel } from './model';
import { count, list } from '../words';

/** A part of a direction that is named when it makes up at least this much of it. */
const NOTABLE = 0.1;
/** What is named together makes up this much of the direction. */
const NAMED = 0.8;

/**
 * A direction in parameter space in the data's own words: which types, and which prompts, items or features.
 *
 * @param v unit vector over (η_1 … η_{K−1}, θ_1 … θ_K)
 */
export function describeDirection({ model, nameOf }: DesignModel, v: Float64Array, types: number): string {
  const parameters = model.parameters;
  const shares = squared(v.subarray(0, types - 1));
  const byType = Array.from({ length: types }, (_, k) =>
    squared(v.subarray(types - 1 + k * parameters, types - 1 + (k + 1) * parameters)),
  );
  const involved = byType.map((mass, k) => ({ mass, k })).filter(({ mass }) => mass >= NOTABLE);
  const whose = involved.length > 0 ? `the rewards of ${typeList(involved.map(({ k }) => k + 1))}` : '';
  const sharePart = shares >= NOTABLE ? 'the shares of the types' : '';
  const weight = new Map<string, number>();
  for (let k = 0; k < types; k++) {
    for (let j = 0; j < parameters; j++) {
      const value = v[types - 1 + k * parameters + j];
      if (value === 0) continue;
      const name = model.kind === 'tabular' ? nameOf(j) : (model.parameterNames?.[j] ?? '');
      if (name !== '') weight.set(name, (weight.get(name) ?? 0) + value * value);
    }
  }
  const where = involved.length > 0 ? place(model.kind === 'tabular', weight) : '';
  return [sharePart, whose + where].filter((part) => part !== '').join(' and ');
}

function place(tabularPolicy: boolean, weight: ReadonlyMap<string, number>): string {
  const ordered = [...weight].sort((a, b) => b[1] - a[1]);
  const total = ordered.reduce((sum, [, mass]) => sum + mass, 0);
  const named: string[] = [];
  let sum = 0;
  for (const [name, mass] of ordered) {
    if (sum >= NAMED * total) break;
    named.push(name);
    sum += mass;
  }
  if (named.length === 0) return '';
  if (named.length > 8) return `, spread over ${count(named.length, 'name')}`;
  return `, mostly about ${tabularPolicy ? '' : 'the features '}${list(named)}`;
}

function typeList(types: readonly number[]): string {
  if (types.length === 1) return `type ${types[0]}`;
  return `types ${types.slice(0, -1).join(', ')} and ${types[types.length - 1]}`;
}

function squared(v: Float64Array): number {
  return v.reduce((sum, value) => sum + value * value, 0);
}
