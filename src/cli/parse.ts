import { InvalidArgumentError } from 'commander';

/** An option's value as a whole number of at least `least`. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^[+-]?\d+$/.test(text.trim()) ? Number(text) : NaN;
    if (value >= least && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new InvalidArgumentError(`It must be a whole number ${range}.`);
  };
}

/** `auto`, a number of types, or several separated by commas. */
export function typesChoice(text: string): number | number[] | 'auto' {
  if (text === 'auto') return text;
  const counts = text.split(',').map(wholeNumber(1, 64));
  return counts.length === 1 ? counts[0] : [...new Set(counts)].sort((a, b) => a - b);
}

/** An option's value as a number of at least 0, or greater than 0. */
export function nonNegative(text: string): number {
  const value = toNumber(text);
  if (value >= 0) return value;
  throw new InvalidArgumentError('It must be a number of at least 0.');
}

export function positive(text: string): number {
  const value = toNumber(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('It must be a number greater than 0.');
}

/** A probability. */
export function share(text: string): number {
  const value = toNumber(text);
  if (value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('It must be a number from 0 to 1.');
}

/** Numbers of at least 0, separated by commas. */
export function nonNegativeList(text: string): number[] {
  return text.split(',').map(nonNegative);
}

/** `role=column`, given once for each role. */
export function columnChoice(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const at = text.indexOf('=');
  if (at <= 0 || at === text.length - 1) {
    throw new InvalidArgumentError('It must be role=column, such as annotator=judge.');
  }
  return { ...before, [text.slice(0, at).trim()]: text.slice(at + 1).trim() };
}

function toNumber(text: string): number {
  const value = text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(value) ? value : NaN;
}
