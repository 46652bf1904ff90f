/** Numbers and times as a person reads them; the minus sign is U+2212, so that columns of digits align. */

const minus = (text: string) => text.replace('-', '−');
const formats = new Map<string, Intl.NumberFormat>();

function format(options: Intl.NumberFormatOptions, value: number): string {
  const key = JSON.stringify(options);
  let known = formats.get(key);
  if (!known) {
    known = new Intl.NumberFormat('en', options);
    formats.set(key, known);
  }
  return minus(known.format(value));
}

const unusual = (value: number) => (Number.isNaN(value) ? 'not a number' : value > 0 ? '∞' : '−∞');

export function integer(value: number): string {
  return Number.isFinite(value) ? format({ maximumFractionDigits: 0 }, value) : unusual(value);
}

/** With exactly `digits` decimals; −0 is shown as 0. */
export function fixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return unusual(value);
  const shown = Math.abs(value) < 0.5 * 10 ** -digits ? 0 : value;
  return format({ minimumFractionDigits: digits, maximumFractionDigits: digits }, shown);
}

export function percent(share: number, digits = 1): string {
  return Number.isFinite(share) ? `${fixed(share * 100, digits)}\u00a0%` : unusual(share);
}

/** Regrets, rewards and divergences: three decimals below 10, fewer above. */
export function nats(value: number): string {
  return natsAlike([value])(value);
}

/** The same number of decimals for all of a table's numbers, so that their points stand below each other. */
export function natsAlike(values: readonly number[]): (value: number) => string {
  const size = Math.max(0, ...values.map(Math.abs).filter(Number.isFinite));
  const digits = size < 10 ? 3 : size < 100 ? 2 : 1;
  return (value) => fixed(value, digits);
}

/** A 95 % interval of a quantity in nats, its ends with the same number of decimals. */
export function interval(ends: readonly [number, number], show = natsAlike(ends)): string {
  return `${show(ends[0])} to ${show(ends[1])}`;
}

/** A policy's probability in whole per cent; what is not quite 0 or 1 does not look as if it were. */
export function chance(probability: number): string {
  if (probability > 0 && probability < 0.005) return '<\u00a01\u00a0%';
  if (probability < 1 && probability >= 0.995) return '>\u00a099\u00a0%';
  return percent(probability, 0);
}

export function signed(value: number, digits: number): string {
  const text = fixed(value, digits);
  return value > 0 && text !== fixed(0, digits) ? `+${text}` : text;
}

/** Eigenvalues and condition numbers, which span many orders of magnitude. */
export function scientific(value: number): string {
  if (!Number.isFinite(value)) return unusual(value);
  if (value === 0) return '0';
  if (Math.abs(value) >= 0.01 && Math.abs(value) < 10_000) return minus(String(Number(value.toPrecision(3))));
  return minus(value.toExponential(1).replace('e+', 'e').replace('e-', 'e−'));
}

export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return 'unknown';
  if (seconds < 10) return `${fixed(seconds, 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (n: number) => String(n).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

/** A time in UTC as the reader's own local date and time. */
export function when(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }).format(time);
}

export function clock(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  return new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(
    time,
  );
}

export function counted(n: number, one: string, many = `${one}s`): string {
  return `${integer(n)} ${n === 1 ? one : many}`;
}

/** “a, b and c”. */
export function list(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

/** At most `length` UTF-16 units, cut at a space where one is near, never inside a surrogate pair. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '');
  const space = cut.lastIndexOf(' ');
  return `${(space > cut.length * 0.7 ? cut.slice(0, space) : cut).trimEnd()}…`;
}

/** RFC 4180. Numbers keep their full precision. */
export function csv(rows: readonly (readonly (string | number | null)[])[]): string {
  const field = (value: string | number | null) => {
    const text = value === null ? '' : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => row.map(field).join(',') + '\r\n').join('');
}

/** A table for text such as an issue or a notebook; numbers stand at the right. */
export function markdown(
  columns: readonly { readonly title: string; readonly numeric?: boolean }[],
  rows: readonly (readonly string[])[],
): string {
  const field = (text: string) =>
    text
      .replace(/\s+/g, ' ')
      .trim()
      .replace(/[\\|<>*_`[\]]/g, '\\$&');
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return [
    line(columns.map(({ title }) => field(title))),
    line(columns.map(({ numeric }) => (numeric === true ? '--:' : '---'))),
    ...rows.map((row) => line(row.map(field))),
  ].join('');
}
