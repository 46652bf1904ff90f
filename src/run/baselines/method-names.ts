import type { Baseline } from '../../protocol/result';

export const METHOD_NAMES: Readonly<Record<Baseline['kind'], string>> = {
  'em-min-max': 'EM-DPO with min-max',
  'em-uniform': 'EM-DPO with equal weights',
  'plain-dpo': 'plain DPO',
  'hard-em': 'hard EM with min-max',
  clusters: 'clusters with min-max',
  oracle: 'oracle types with min-max',
};
/** As tables list them. */
export const METHOD_ORDER: readonly Baseline['kind'][] = [
  'em-min-max',
  'em-uniform',
  'hard-em',
  'clusters',
  'plain-dpo',
  'oracle',
];
