import { connectAlternatives, type Components } from '../../compute/components';
import { UNRANKED_LEVEL } from '../../compute/kernels/levels';
import type { Rankings } from '../../compute/kernels/rankings';
import type { RankingTable } from '../../dataset/table';
import { givenFeatures, ngramFeaturesInSteps } from '../../policy/features';
import { loglinear, type FeatureMatrix } from '../../policy/loglinear';
import type { RewardModel } from '../../policy/reward-model';
import { tabular } from '../../policy/tabular';
import { finish, type Steps } from '../../steps';
import type { Context } from '../context';
import { sharesNothing } from '../findings/no-shared-prompts';
import { designPatterns, type DesignPatterns } from './design-patterns';

/** Hash buckets for texts where nothing but their words links annotators. */
const NGRAM_DIMENSIONS = 64;

/** The design of a dataset and the policy family it is looked at with. */
export interface DesignModel {
  readonly design: DesignPatterns;
  readonly model: RewardModel;
  readonly components: Components;
  readonly alternatives: number;
  /** Name of an alternative: what its reward is about. */
  readonly nameOf: (alternative: number) => string;
  /** The alternative itself: an item, or the text of a response. */
  readonly labelOf: (alternative: number) => string;
  /** What the rewards of a tabular policy are told apart by. */
  readonly places: 'prompts' | 'responses' | 'items';
  /** 1-based line of the first record that offers an alternative; 0 where none does. */
  readonly lineOf: Uint32Array;
  readonly annotatorName: (annotator: number) => string;
  /** Alternatives whose rewards are meant to be compared: all items, or the responses of one prompt. */
  readonly groups: readonly (readonly number[])[];
}

/** Features of the file where it gives some; else one reward per item or response, or word n-grams where nothing is shared. */
export function designModel(context: Context): DesignModel {
  return finish(designModelInSteps(context));
}

/** The same. Reading the words of many texts takes long: it has steps by response. */
export function* designModelInSteps(context: Context): Steps<DesignModel> {
  const { table, unit } = context;
  const overItems = unit === 'items' && !table.features && table.items && table.responseItem;
  const alternativeOf = overItems
    ? table.responseItem
    : Int32Array.from({ length: table.responses.size }, (_, y) => y);
  const alternatives = overItems ? table.items.size : table.responses.size;
  const design = designPatterns(table, alternativeOf);
  const components = connectAlternatives(choiceSetsOf(design, alternatives));
  const nameOf = (a: number): string => {
    if (overItems) return table.items.text(a);
    return table.prompts.size === 1 ? table.responses.text(a) : table.prompts.text(table.responsePrompt[a]);
  };
  const groups = groupsOf(table, overItems ? undefined : table.responsePrompt, alternatives);
  const labelOf = (a: number): string => (overItems ? table.items.text(a) : table.responses.text(a));
  const base: Omit<DesignModel, 'model'> = {
    design,
    components,
    alternatives,
    nameOf,
    labelOf,
    places: overItems ? 'items' : table.prompts.size === 1 ? 'responses' : 'prompts',
    lineOf: firstLines(table, alternativeOf, alternatives),
    annotatorName: (a) => table.annotators.text(a),
    groups,
  };
  if (table.features) return { ...base, model: loglinear(standardised(givenFeatures(table))) };
  if (sharesNothing(context))
    return { ...base, model: loglinear(standardised(yield* ngramFeaturesInSteps(table, NGRAM_DIMENSIONS))) };
  return { ...base, model: tabular(components, namesOfItems(table, unit)) };
}

/** The same policy family on another design over the same alternatives: what is connected may differ. */
export function redesigned(from: DesignModel, design: DesignPatterns): DesignModel {
  if (from.model.kind === 'loglinear') return { ...from, design };
  const components = connectAlternatives(choiceSetsOf(design, from.alternatives));
  return { ...from, design, components, model: tabular(components, from.model.parameterNames) };
}

function firstLines(table: RankingTable, alternativeOf: Int32Array, alternatives: number): Uint32Array {
  const lines = new Uint32Array(alternatives);
  for (let r = table.records - 1; r >= 0; r--) {
    for (let i = table.start[r]; i < table.start[r + 1]; i++)
      lines[alternativeOf[table.option[i]]] = table.line[r];
  }
  return lines;
}

function namesOfItems(table: RankingTable, unit: Context['unit']): string[] | undefined {
  const { items } = table;
  return unit === 'items' && items ? Array.from({ length: items.size }, (_, i) => items.text(i)) : undefined;
}

/** Each column divided by its root mean square, in place. */
function standardised(features: FeatureMatrix): FeatureMatrix {
  const { alternatives, dimensions: d, values } = features;
  const squares = new Float64Array(d);
  // row by row, as they stand in memory
  for (let y = 0; y < alternatives; y++)
    for (let j = 0, at = y * d; j < d; j++) squares[j] += values[at + j] ** 2;
  const size = squares.map((sum) => Math.sqrt(sum / alternatives) || 1);
  for (let y = 0; y < alternatives; y++) for (let j = 0, at = y * d; j < d; j++) values[at + j] /= size[j];
  return features;
}

/** What the records of a design offer, without an order. */
export function choiceSetsOf({ records }: DesignPatterns, alternatives: number): Rankings {
  const start = new Uint32Array(records.length + 1);
  records.forEach(({ offered }, r) => (start[r + 1] = start[r] + offered.length));
  const option = new Int32Array(start[records.length]);
  records.forEach(({ offered }, r) => {
    option.set(offered, start[r]);
  });
  return {
    count: records.length,
    alternatives,
    start,
    option,
    level: new Uint16Array(option.length).fill(UNRANKED_LEVEL),
    tied: new Uint8Array(records.length),
    largest: records.reduce((most, { offered }) => Math.max(most, offered.length), 0),
  };
}

function groupsOf(table: RankingTable, promptOf: Int32Array | undefined, alternatives: number): number[][] {
  if (!promptOf) return [Array.from({ length: alternatives }, (_, a) => a)];
  const byPrompt: number[][] = Array.from({ length: table.prompts.size }, () => []);
  for (let y = 0; y < alternatives; y++) byPrompt[promptOf[y]].push(y);
  return byPrompt.filter((group) => group.length > 0);
}

/**
 * Orthonormal directions of one type's parameters that mean nothing: a constant added to all rewards of a group. Where a
 * group falls into parts that nothing compares, what is between them is not gauge but unknown.
 */
export function gaugeOf({ model, groups, alternatives }: DesignModel): Float64Array[] {
  if (model.kind === 'loglinear') return [];
  return groups.map((group) => {
    const direction = new Float64Array(alternatives);
    for (const a of group) direction[a] = 1 / Math.sqrt(group.length);
    return direction;
  });
}
