import { growth } from '../fit-speed/statistics';

/** Seconds by the clock, and of processor time of all threads. */
export interface Cost {
  readonly seconds: number;
  readonly processor: number;
}

export interface Row {
  readonly size: number;
  readonly ours: Cost;
  /** Peers by name; those that were not there, or not run at this size, have none. */
  readonly peers: Readonly<Record<string, Cost | undefined>>;
  /** Seconds that the machine itself needs at least. */
  readonly limit?: number;
}

export interface Workload {
  readonly name: string;
  /** What its sizes count. */
  readonly unit: string;
  readonly limitOf?: string;
  readonly rows: readonly Row[];
}

const HEADER = [
  ...['workload', 'size', 'ours, s', 'CPU s', 'peer', 's', 'CPU s', 'ours ÷', 'by CPU'],
  ...['limit', 's', 'ours ÷', 'growth'],
];
const digits = (value: number): string =>
  value >= 100 ? value.toFixed(0) : Number(value.toPrecision(3)).toString();

/** One table of all workloads. Growth: the exponent of ours, in processor time, over the sizes of a workload. */
export function table(workloads: readonly Workload[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const lines = [line(HEADER), `|${'---|'.repeat(HEADER.length)}`];
  for (const { name, unit, limitOf, rows } of workloads) {
    const sizes = rows.map(({ size }) => size);
    const exponent =
      rows.length > 1
        ? growth(
            sizes,
            rows.map(({ ours }) => ours.processor),
          ).toFixed(2)
        : '';
    rows.forEach(({ size, ours, peers, limit }, i) => {
      const own = [
        name,
        `${size.toLocaleString('en')} ${unit}`,
        digits(ours.seconds),
        digits(ours.processor),
      ];
      const bound =
        limit === undefined || limitOf === undefined
          ? ['', '', '']
          : [limitOf, digits(limit), digits(ours.seconds / limit)];
      const names = Object.keys(peers);
      (names.length > 0 ? names : ['']).forEach((peer, j) => {
        const theirs = peers[peer];
        const beside = theirs
          ? [
              ...[peer, digits(theirs.seconds), digits(theirs.processor)],
              ...[digits(ours.seconds / theirs.seconds), digits(ours.processor / theirs.processor)],
            ]
          : [peer, peer && 'not run', '', '', ''];
        const first = j === 0;
        lines.push(
          line([
            ...(first ? own : ['', '', '', '']),
            ...beside,
            ...(first ? bound : ['', '', '']),
            first && i === rows.length - 1 ? exponent : '',
          ]),
        );
      });
    });
  }
  return lines;
}
