import { basename } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { linesOf, within, wholeLine, type Line } from '../lines';
import { numberedPool } from '../pool';
import { rankGroups } from '../ranking';
import type { Form, FormInput } from './form';
import { preflibHeader, type PreflibHeader } from './preflib-header';
import { ORDER_LINE, readOrder } from './preflib-order';

/** More voters than this are a mistake in a count. */
export const MOST_VOTERS = 20_000_000;

const SLICE = 50_000; // voters added before an abort is looked for

/**
 * PrefLib's orders (soc, soi, toc, toi): `#` header lines, then `count: 1,4,{2,3}`. The count becomes that many
 * annotators with one record each, all at the same line. Alternatives that an order leaves out were offered.
 */
export const preflib: Form = {
  name: 'preflib',
  title: 'soc, soi, toc, toi: "# ALTERNATIVE NAME 1: …", then "count: 1,4,{2,3}"',
  endings: ['.soc', '.soi', '.toc', '.toi'],
  roles: [],

  fits: ({ lines }) => {
    const fitting = lines.filter((line) => preflibHeader.isLine(line) || ORDER_LINE.test(line));
    return lines.length === 0 ? 0 : fitting.length / lines.length;
  },

  read: async (input) => {
    const { source, log, table } = input;
    const header = preflibHeader.empty();
    let alternatives: readonly string[] | undefined;
    for await (const lines of linesOf(source, log)) {
      for (const line of lines) {
        if (line.text.trim() === '') continue;
        if (line.text.startsWith('#')) {
          preflibHeader.read(line, header, log);
          continue;
        }
        alternatives ??= preflibHeader.alternatives(header, line, log);
        if (alternatives.length < 2) return;
        await readVotes(line, header.title ?? basename(source.name), alternatives, input);
      }
    }
    table.numberAnnotators(numberedPool('voter', table.records));
    table.assume('Each vote is one annotator with one record: PrefLib keeps no other identity.');
    checkVoters(header, table.records, input);
  },
};

async function readVotes(
  line: Line,
  prompt: string,
  alternatives: readonly string[],
  { table, log, signal }: FormInput,
): Promise<void> {
  const vote = readOrder(line.text, alternatives.length);
  if ('code' in vote) {
    const { from, to, ...fault } = vote;
    log.unused(fault, within(line, from, to), vote.count);
    return;
  }
  if (table.records + vote.count > MOST_VOTERS) {
    const message = `With this line the file counts more than ${MOST_VOTERS} voters; the line was not read.`;
    const fix = 'Check the count; divide all counts by a common factor if they are that large.';
    log.unused({ code: 'form/too-many-voters', message, fix }, wholeLine(line), vote.count);
    return;
  }
  const order: number[] = [];
  const level: number[] = [];
  rankGroups(vote.groups, alternatives.length, order, level);
  const record = { prompt, responses: alternatives, order, level };
  for (let voter = 0; voter < vote.count; voter++) {
    if (voter % SLICE === SLICE - 1) {
      await breathe();
      signal?.throwIfAborted();
    }
    table.add(record, { line: line.number, offset: line.offset }, () => wholeLine(line));
  }
}

function checkVoters(header: PreflibHeader, voters: number, { log }: FormInput): void {
  if (header.voters === undefined || header.voters.count === voters) return;
  const message = `The header counts ${header.voters.count} voters; ${voters} were read.`;
  const fault = { code: 'form/count-mismatch', message, fix: 'Check that the file is complete.' };
  log.doubtful(fault, wholeLine(header.voters.line));
}
