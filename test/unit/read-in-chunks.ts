import { findingLog } from '../../src/dataset/finding-log';
import { readCanonical } from '../../src/dataset/forms/canonical';
import type { BlockScanner } from '../../src/dataset/scan/scanner';
import { tableBuilder } from '../../src/dataset/table-builder';
import type { Pool } from '../../src/dataset/table';

const content = (pool: Pool) => Array.from({ length: pool.size }, (_, id) => pool.text(id));

/** All that reading finds in some bytes that come in chunks. @param cuts lengths of the chunks, used in turn */
export async function readInChunks(bytes: Buffer, cuts: readonly number[], scanner: BlockScanner) {
  const log = findingLog();
  const table = tableBuilder(log);
  const chunks = (async function* () {
    for (let from = 0, i = 0; from < bytes.length; i++) {
      const to = from + cuts[i % cuts.length];
      yield await Promise.resolve(Buffer.from(bytes.subarray(from, to)));
      from = to;
    }
  })();
  await readCanonical({ source: { name: 'x.jsonl', chunks }, columns: {}, table, log }, scanner);
  const { annotators, prompts, responses, knownTypes, items, ...columns } = table.finish(
    'canonical',
    'offered',
  );
  const pools = [annotators, prompts, responses, knownTypes, ...(items ? [items] : [])].map(content);
  return { columns, pools, findings: log.findings() };
}
