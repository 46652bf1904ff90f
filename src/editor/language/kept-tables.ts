import type { RankingTable } from '../../dataset/table';
import type { DocumentState, LineAnswer } from '../diagnostics/worker-protocol';
import { describeLine } from './describe-line';

/** Tables of more documents than this are not kept: the oldest goes. */
const MOST = 8;

/** The last table of each open document. */
export interface KeptTables {
  keep(document: DocumentState, table: RankingTable): void;
  forget(uri: string): void;
  /** The record on a line (1-based) of a document. */
  describe(document: DocumentState, line: number): LineAnswer;
}

export function keptTables(): KeptTables {
  const kept = new Map<string, { version: number; table: RankingTable }>();
  return {
    keep({ uri, version }, table) {
      kept.delete(uri);
      kept.set(uri, { version, table });
      for (const oldest of kept.keys()) {
        if (kept.size <= MOST) return;
        kept.delete(oldest);
      }
    },
    forget(uri) {
      kept.delete(uri);
    },
    describe({ uri, version }, line) {
      const found = kept.get(uri);
      if (!found) return 'unknown';
      if (found.version !== version) return 'stale';
      return describeLine(found.table, line) ?? 'no record';
    },
  };
}
