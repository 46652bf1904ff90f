import type { AnnotatorKind, OpenDirection } from '../../protocol/validation';
import { count, list, short } from '../words';
import { kindsWords, kindWords } from './annotator-kinds';
import { LEAST_PART } from './open-pieces';
import type { Places } from './places';

/** What a direction is about, ready to be said. */
export interface Described {
  readonly pattern: OpenDirection['pattern'];
  readonly basis: readonly Float64Array[];
  /** From 0. */
  readonly types: readonly number[];
  /** Of opposite types: whether pairs of them are open, not all together only. */
  readonly pairwise: boolean;
  readonly mass: OpenDirection['mass'];
  readonly places: readonly number[];
  readonly annotators: readonly AnnotatorKind[];
  /** Whether these are all annotators there are. */
  readonly everybody: boolean;
  /** Whether nobody who judged these places judged another one. */
  readonly alone: boolean;
  /** Weights of the one combination of features that never differs. */
  readonly combination?: Float64Array;
  /** The rewards or weights that are the largest part of it. */
  readonly largest: readonly { readonly type: number; readonly name: string }[];
  readonly directions: number;
  /** Pieces on separate places that were put together. */
  readonly separate: number;
}

const NOTABLE = 0.1;
const MOST_KINDS = 3;

/** One sentence about directions without any information. It says what the directions show and no more. */
export function sentenceOf(places: Places, d: Described): string {
  switch (d.pattern) {
    case 'types':
      return (
        `${typeList(d.types)} cannot ${d.pairwise ? '' : 'all '}be separated ${on(places, d)}: what ` +
        `${d.types.length === 2 ? 'one of them gains there the other' : 'some of them gain there others'} may lose, and no ` +
        `answer becomes likelier or less likely${tie(places, d)}`
      );
    case 'shares':
      return `only the joint share of ${typeList(d.types)} is seen, not how it splits between them`;
    case 'features':
      return featureSentence(places, d);
    default:
      return `${someCombination(d)} is open ${on(places, d)}, largest for ${largestParts(d)}${tie(places, d)}`;
  }
}

/** The least known direction. */
export function leastKnown(places: Places, d: Described): string {
  const subject =
    d.pattern === 'types'
      ? `the difference between ${typeList(d.types)}`
      : [
          d.mass.shares >= NOTABLE ? 'the shares of the types' : '',
          d.types.length > 0 ? `the rewards of ${typeList(d.types)}` : '',
        ]
          .filter((part) => part !== '')
          .join(' and ');
  const named = d.types.length === 0 ? '' : `, ${mostly(places, d)}`;
  return subject + named + told(d.annotators);
}

function mostly(places: Places, d: Described): string {
  if (d.places.length > 8 || d.places.some((place) => places.name(place) === ''))
    return `spread over ${count(d.places.length, places.kind.slice(0, -1))}`;
  return `mostly about ${where(places, d)}`;
}

/** Who tells what is known of the least known direction; nothing where all annotators are of one kind. */
function told(kinds: readonly AnnotatorKind[]): string {
  if (kinds.length < 2) return '';
  const [first] = kinds;
  if (first.part === undefined || !(first.part > 0)) return '';
  return `; ${percent(first.part)} of what is known about it comes from ${kindWords(first)}`;
}

function someCombination(d: Described): string {
  const what = [
    d.mass.shares >= LEAST_PART ? 'the shares of the types' : '',
    d.types.length > 0 ? `the rewards of ${typeList(d.types)}` : '',
  ]
    .filter((part) => part !== '')
    .join(' and ');
  return d.directions === 1 ? `a combination of ${what}` : `each of ${d.directions} combinations of ${what}`;
}

function largestParts({ largest }: Described): string {
  return largest.map(({ type, name }) => `“${short(name)}” of type ${type + 1}`).join(', ');
}

/** On what, and on whom: "on the prompt “x”, which only 20 annotators who compared a single pair each judged". */
function on(places: Places, d: Described): string {
  const people = d.annotators.length > MOST_KINDS ? '' : kindsWords(d.annotators);
  const everything = d.places.length === places.count;
  if (people === '') return `on ${where(places, d)}`;
  if (!d.everybody) return `on ${where(places, d)}, which only ${people} judged`;
  const all = d.annotators.length === 1 ? `on ${people}` : `on these annotators: ${people}`;
  return everything ? `${all}, which is everybody` : `on ${where(places, d)}; everybody judged it: ${people}`;
}

function where(places: Places, { places: about }: Described): string {
  const thing = places.kind.slice(0, -1);
  const names = about.map(places.name);
  if (names.some((name) => name === '')) return count(about.length, thing);
  return `the ${names.length === 1 ? thing : places.kind} ${list(names)}`;
}

function tie(places: Places, d: Described): string {
  if (!d.alone) return '';
  const names = d.places.map(places.name);
  const what = d.places.length === 1 ? `the prompt ${list(names)}` : `the prompts ${list(names)}`;
  const them = d.places.length === 1 ? 'it' : d.separate === d.places.length ? 'one of them' : 'them';
  return `; nothing ties ${what} to the rest: nobody who judged ${them} judged another`;
}

function featureSentence(places: Places, d: Described): string {
  const names = d.places.map(places.name);
  const unnamed = names.some((name) => name === '');
  if (d.places.length === 1)
    return unnamed
      ? 'a feature never differs between responses that were compared, so its weight is open for every type'
      : `the feature ${list(names)} never differs between responses that were compared, so its weight is open for every type`;
  const who = unnamed ? count(names.length, 'feature') : `the features ${list(names)}`;
  if (!d.combination)
    return `${d.directions / d.mass.rewards.length} combinations of ${who} never differ between responses that were compared, so they are open for every type`;
  return (
    `${who} cannot be told apart${unnamed ? '' : `: ${formula(names, d)}`} never differs between responses that were ` +
    'compared, so that combination of their weights is open for every type'
  );
}

/** "0.71·“length” − 0.71·“words”", features in units of their root mean square. */
function formula(names: readonly string[], { places, combination }: Described): string {
  const weights = places.map((place) => combination![place]);
  const sign = weights[0] < 0 ? -1 : 1;
  return (
    weights
      .slice(0, 4)
      .map((w, i) => {
        const value = sign * w;
        return `${i === 0 ? '' : value < 0 ? ' − ' : ' + '}${Math.abs(value).toFixed(2)}·“${short(names[i])}”`;
      })
      .join('') + (weights.length > 4 ? ' …' : '')
  );
}

function typeList(types: readonly number[]): string {
  const numbers = types.map((k) => k + 1);
  if (numbers.length === 1) return `type ${numbers[0]}`;
  return `types ${numbers.slice(0, -1).join(', ')} and ${numbers[numbers.length - 1]}`;
}

function percent(part: number): string {
  return part > 0.995 && part < 1 ? 'over 99 %' : `${Math.round(100 * part)} %`;
}
