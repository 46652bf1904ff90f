import type { RunEventBody } from '../../protocol/event';

export const nothingToCompare: RunEventBody = {
  type: 'warning',
  code: 'baselines/one-type',
  message:
    'With one type EM-DPO is plain DPO, so that there is nothing to compare with. Fit two types or more.',
};
