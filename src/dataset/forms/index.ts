import { arenaCsv } from './arena-csv';
import { canonical } from './canonical';
import type { Form } from './form';
import { hhRlhf } from './hh-rlhf';
import { preflib } from './preflib';
import { trl } from './trl';

/** Every form, the more special before the more general: the first of equally good ones is taken. */
export const FORMS: readonly Form[] = [canonical, hhRlhf, trl, preflib, arenaCsv];
