import type { DesignModel } from './model';

/** A group of alternatives that falls into parts which no record compares. */
export interface DividedGroup {
  /** Index into the groups of the model. */
  readonly group: number;
  /** Alternatives of each part, the largest part first. */
  readonly parts: readonly (readonly number[])[];
}

/** Groups of alternatives that ought to be comparable and fall into parts; none for a log-linear policy. */
export function dividedGroups({ model, groups, components }: DesignModel): DividedGroup[] {
  if (model.kind !== 'tabular') return [];
  return groups.flatMap((group, index) => {
    const byComponent = new Map<number, number[]>();
    for (const a of group) {
      const part = byComponent.get(components.component[a]);
      if (part) part.push(a);
      else byComponent.set(components.component[a], [a]);
    }
    if (byComponent.size < 2) return [];
    return [{ group: index, parts: [...byComponent.values()].sort((a, b) => b.length - a.length) }];
  });
}

/**
 * One type's rewards shifted in one part against the parts before it: orthonormal, orthogonal to a constant added to
 * the whole group, and without information whatever the parameters are, as no record compares the parts.
 */
export function shiftsOfParts(divided: readonly DividedGroup[], parameters: number): Float64Array[] {
  return divided.flatMap(({ parts }) =>
    parts.slice(1).map((part, i) => {
      const before = parts.slice(0, i + 1).flat();
      const direction = new Float64Array(parameters);
      const length = Math.sqrt(1 / part.length + 1 / before.length);
      for (const a of part) direction[a] = 1 / part.length / length;
      for (const a of before) direction[a] = -1 / before.length / length;
      return direction;
    }),
  );
}
