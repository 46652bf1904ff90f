// Fisher information per annotator of linear Plackett–Luce mixtures (d = 2), by analytic scores over every outcome:
// rank and smallest eigenvalue beside an independent program that uses finite differences.
import { fisherTable } from '../reference/fisher-table';

console.log('per annotator  point          rank (reference)  smallest eigenvalue (reference)');
let outside = 0;
for (const row of await fisherTable()) {
  const { rank, parameters, smallest, referenceRank, referenceSmallest: reference } = row;
  const close = reference === undefined || reference === 0 || Math.abs(smallest / reference - 1) <= 0.15;
  const same = rank === referenceRank && close && row.exact;
  if (!same) outside++;
  const beside = reference === undefined ? '' : ` (${reference.toExponential(1)})`;
  console.log(
    `${row.format.padEnd(14)} ${row.point.padEnd(14)} ${rank}/${parameters} (${referenceRank})            ` +
      `${smallest.toExponential(2)}${beside}${same ? '' : ' ✗'}`,
  );
}
console.log(outside === 0 ? 'All as in the reference.' : `${outside} differ.`);
process.exitCode = outside === 0 ? 0 : 1;
