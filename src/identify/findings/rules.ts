import type { Finding } from '../../protocol/finding';
import type { Context } from '../context';
import { disconnected } from './disconnected';
import { fewAlternatives } from './few-alternatives';
import { fewRecords } from './few-records';
import { noAnnotators } from './no-annotators';
import { noOverlap } from './no-overlap';
import { noSharedPrompts } from './no-shared-prompts';
import { notStronglyConnected } from './not-strongly-connected';
import { rankDeficientFeatures } from './rank-deficient-features';
import { singlePairs } from './single-pairs';

/** Every `identify/…` rule, in the order in which findings are shown. */
export const RULES: readonly ((context: Context) => Finding[])[] = [
  noAnnotators,
  singlePairs,
  fewAlternatives,
  fewRecords,
  noSharedPrompts,
  noOverlap,
  rankDeficientFeatures,
  disconnected,
  notStronglyConnected,
];
