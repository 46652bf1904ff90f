import type { OpenDirection } from '../../protocol/validation';
import { count, list } from '../words';
import { annotatorKinds } from './annotator-kinds';
import type { DesignModel } from './model';
import type { DividedGroup } from './parts';
import type { Places } from './places';

const MOST_NAMES = 20;

/** Groups of alternatives that fall into parts, as one direction: what is tied to what, and to what not. */
export function partsDirection(
  design: DesignModel,
  places: Places,
  divided: readonly DividedGroup[],
  types: number,
): OpenDirection {
  // all but the largest part of each group hang in the air
  const loose = divided.flatMap(({ parts }) => parts.slice(1).flat());
  const about = [...new Set(loose.map((a) => places.of[a]))];
  const aboutLoose = new Set(loose);
  const { records, start, record } = design.design;
  const touches = (p: number): boolean =>
    record.subarray(start[p], start[p + 1]).some((d) => records[d].offered.some((a) => aboutLoose.has(a)));
  return {
    pattern: 'parts',
    message: messageOf(design, divided),
    directions: types * divided.reduce((sum, { parts }) => sum + parts.length - 1, 0),
    types: Array.from({ length: types }, (_, k) => k + 1),
    mass: { shares: 0, rewards: new Array<number>(types).fill(1 / types) },
    about: { kind: places.kind, count: about.length, names: about.slice(0, MOST_NAMES).map(places.name) },
    annotators: annotatorKinds(design.design, touches),
    positions: places.positions(about),
  };
}

function messageOf(design: DesignModel, divided: readonly DividedGroup[]): string {
  const names = (part: readonly number[]): string => list(part.map(design.labelOf), 3);
  const [first] = divided;
  const [largest, second] = first.parts;
  const example =
    first.parts.length === 2
      ? `nothing ties ${names(second)} to ${names(largest)}`
      : `nothing ties ${count(first.parts.length, 'part')} together, such as ${names(largest)} and ${names(second)}`;
  const ofPrompt = design.places === 'prompts' ? ` of the prompt ${list([design.nameOf(largest[0])])}` : '';
  const rest =
    divided.length > 1
      ? `; the same holds within ${count(divided.length - 1, 'further prompt')}, such as ` +
        list(
          divided.slice(1).map(({ parts }) => design.nameOf(parts[0][0])),
          3,
        )
      : '';
  return `${example}${ofPrompt}: nobody compared one with the other, so how they differ is open for every type${rest}`;
}
