import { arena } from './arena';
import { arenaCsv } from './arena-csv';
import { canonical } from './canonical';
import { coval } from './coval';
import type { Form } from './form';
import { hhRlhf } from './hh-rlhf';
import { llamaFactory } from './llama-factory';
import { lists } from './lists';
import { long } from './long';
import { nectar } from './nectar';
import { oasst } from './oasst';
import { openAiSummaries } from './openai-summaries';
import { openRlhf } from './openrlhf';
import { pandaLm } from './pandalm';
import { preflib } from './preflib';
import { prism } from './prism';
import { squality } from './squality';
import { trl } from './trl';
import { ultraFeedback } from './ultrafeedback';
import { wide } from './wide';
import { wmt } from './wmt';

/** Every form, the more special before the more general: the first of equally good ones is taken. */
export const FORMS: readonly Form[] = [
  canonical,
  hhRlhf,
  llamaFactory,
  openRlhf,
  trl,
  ultraFeedback,
  nectar,
  oasst,
  coval,
  pandaLm,
  squality,
  openAiSummaries,
  prism,
  arena,
  lists,
  preflib,
  wmt,
  arenaCsv,
  wide,
  long,
];
