import type { RankingTable } from '../../dataset/table';

/**
 * A table whose records offer only the responses that are known. What remains of a ranking is still a Plackett–Luce
 * ranking with the same rewards: choices among some responses do not depend on the others (Luce 1959), so nothing but
 * information is lost.
 *
 * @param known by response
 */
export function knownOptions(table: RankingTable, known: (response: number) => boolean): RankingTable {
  const start = new Uint32Array(table.records + 1);
  const option = new Int32Array(table.option.length);
  const level = new Uint16Array(table.level.length);
  let length = 0;
  for (let r = 0; r < table.records; r++) {
    for (let i = table.start[r]; i < table.start[r + 1]; i++) {
      if (!known(table.option[i])) continue;
      option[length] = table.option[i];
      level[length++] = table.level[i];
    }
    start[r + 1] = length;
  }
  return {
    ...table,
    start,
    option: option.slice(0, length),
    level: level.slice(0, length),
    position: undefined,
  };
}
