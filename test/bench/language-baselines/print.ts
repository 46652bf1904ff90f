import { textTable } from '../../../src/cli/terminal';
import { METHOD_NAMES } from '../../../src/run/baselines/method-names';
import { meanWithError } from '../../../src/training/held-out';
import type { Interval } from '../language-control/judge-run';
import type { PlantedType } from '../language-control/population';
import type { JudgedMethod } from './judge-methods';

export function printComparison(
  seed: number,
  methods: readonly JudgedMethod[],
  planted: readonly PlantedType[],
  minutes: number,
): void {
  console.log(`\nseed ${seed} (${minutes.toFixed(1)} minutes): regret under the planted rewards`);
  const header = [
    'method',
    'worst',
    '95 % interval',
    'less EM-DPO min-max',
    '95 % interval',
    ...planted.map(({ name }) => name),
    'weights',
    'least',
    'Rand',
  ];
  const rows = methods.map(({ kind, worst, behind, regret, weights, least, rand }, p) => [
    METHOD_NAMES[kind],
    number(worst.mean),
    ends(worst),
    p === 0 ? '' : number(behind.mean),
    p === 0 ? '' : ends(behind),
    ...regret.map(number),
    weights.map((w) => w.toFixed(2)).join(' '),
    number(least),
    kind === 'oracle' || kind === 'plain-dpo' ? '' : rand.toFixed(3),
  ]);
  console.log(textTable([header, ...rows], [1, 2, 3, 4, 5, 6, 7, 9, 10]));
  console.log('least: of any mixture of the method’s types, by weights that know the planted rewards');
}

/** Over seeds: each is another dataset of the same population, and another reference model. */
export function printSeeds(seeds: readonly (readonly JudgedMethod[])[]): void {
  const kinds = seeds[0].map(({ kind }) => kind).filter((kind) => kind !== 'oracle');
  const worst = (methods: readonly JudgedMethod[], kind: JudgedMethod['kind']) =>
    methods.find((each) => each.kind === kind)?.worst.mean ?? NaN;
  const least = seeds.map((methods) =>
    kinds.reduce((best, kind) => (worst(methods, kind) < worst(methods, best) ? kind : best)),
  );
  console.log(`\nover ${seeds.length} seeds`);
  const rows = kinds.map((kind) => {
    const values = meanWithError(Float64Array.from(seeds, (methods) => worst(methods, kind)));
    const behind = meanWithError(
      Float64Array.from(seeds, (methods) => worst(methods, kind) - worst(methods, 'em-min-max')),
    );
    return [
      METHOD_NAMES[kind],
      number(values.mean),
      number(behind.mean),
      seeds.length > 1 ? number(behind.standardError) : '',
      `${least.filter((each) => each === kind).length} of ${seeds.length}`,
    ];
  });
  const header = ['method', 'mean worst', 'less EM-DPO min-max', 'standard error', 'smallest for'];
  console.log(textTable([header, ...rows], [1, 2, 3, 4]));
}

function ends({ from, to }: Interval): string {
  return `${number(from)} to ${number(to)}`;
}

function number(value: number): string {
  return value.toFixed(3);
}
