import type { Alarm } from '../protocol/result';
import type { Calibration, Stability, Switching } from '../protocol/stability';

/** More annotators without a stable type than this share, and single annotators should not be read off the fit. */
const MANY_SWITCH = 0.2;
/** A type that is another one in more than this share of replicates has no stable meaning. */
const OFTEN_LOST = 0.1;
/** Smaller errors of stated probabilities hardly matter, and neither do those that chance explains. */
const MISCALIBRATED = 0.03;
const BEYOND_CHANCE = 2;

/** What bootstrap and calibration should make a person doubt, each with what to do. */
export function stabilityAlarms(
  { bootstrap, calibration }: Stability,
  names: readonly string[],
  annotators: number,
): Alarm[] {
  return [
    ...(bootstrap ? labelSwitching(bootstrap.lost, names) : []),
    ...(bootstrap ? switchingAnnotators(bootstrap.switching, annotators) : []),
    ...(calibration ? miscalibrated(calibration) : []),
  ];
}

function labelSwitching(lost: readonly number[], names: readonly string[]): Alarm[] {
  return lost.flatMap((share, k) =>
    share <= OFTEN_LOST
      ? []
      : [
          {
            code: 'stability/label-switching',
            message:
              `${names[k]} is a different type with other annotators: in ${percent(share)} of the bootstrap replicates it ` +
              'keeps fewer than half of its annotators. Its intervals mix different types. Use fewer types, or collect more ' +
              'records per annotator.',
          },
        ],
  );
}

function switchingAnnotators({ count, often }: Switching, annotators: number): Alarm[] {
  if (count <= MANY_SWITCH * annotators) return [];
  return [
    {
      code: 'stability/annotators-switch',
      message:
        `${count} of ${annotators} annotators are of another type in ${percent(often)} or more of the bootstrap replicates. ` +
        'Shares and regrets may still hold within their intervals, but do not read single annotators off this fit; ' +
        'collect more records per annotator.',
    },
  ];
}

function miscalibrated({ stated, observed, expectedError, errorByChance }: Calibration): Alarm[] {
  if (expectedError <= MISCALIBRATED || expectedError <= BEYOND_CHANCE * errorByChance) return [];
  const why =
    stated > observed
      ? 'Types are surer of choices than they should be: raise the prior (em.prior), use fewer types, or collect more annotators.'
      : 'Types are less sure of choices than they could be: lower the prior (em.prior), or try more types.';
  return [
    {
      code: 'stability/miscalibrated',
      message:
        `Stated probabilities of held-out choices are off by ${(100 * expectedError).toFixed(1)} points on average: the ` +
        `expected response came first in ${percent(observed)} of the rankings, where ${percent(stated)} were stated. ${why}`,
    },
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
