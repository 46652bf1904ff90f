import type { Node } from 'jsonc-parser';
import { firstByte } from './json-array';
import { treeOf } from './json-place';

/** Bytes looked at to recognise a form. */
export const SAMPLE_BYTES = 1 << 17;

/** The beginning of a file, for recognising its form. */
export interface Sample {
  /** Ending of the file name, lower case, with the dot, `.gz` left off; empty when there is none. */
  readonly ending: string;
  /** The first lines that are not blank, or elements of a JSON array; the last may be cut off. */
  readonly lines: readonly string[];
  /** The same as JSON trees, as far as each can be read; undefined where a line is no JSON object. */
  readonly objects: readonly (Node | undefined)[];
  /** Whether the first line or element is longer than the sample. */
  readonly cut: boolean;
}

const LINES = 50;

/** @param complete the bytes are the whole file */
export function sampleOf(name: string, bytes: Buffer, complete: boolean): Sample {
  const text = bytes
    .subarray(0, SAMPLE_BYTES)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  const array = firstByte(bytes) === 0x5b;
  const all = array ? elementsIn(text) : text.split(/\r?\n/);
  const cut = !complete && all.length <= 1;
  if (!complete && !cut && !array) all.pop();
  const lines = all.filter((line) => line.trim() !== '').slice(0, LINES);
  const objects = lines.map((line) => {
    if (!line.trimStart().startsWith('{')) return undefined;
    const tree = treeOf(line, []);
    return tree?.type === 'object' ? tree : undefined;
  });
  const ending = /(\.[a-z0-9]+)(\.gz)?$/i.exec(name)?.[1].toLowerCase() ?? '';
  return { ending, lines, objects, cut };
}

/** The elements of an array that begins in a text, each as JSON of its own; what is cut off is left out. */
function elementsIn(text: string): string[] {
  const whole = treeOf(text, []);
  return (whole?.children ?? [])
    .filter(({ offset, length }) => offset + length < text.trimEnd().length)
    .slice(0, LINES)
    .map(({ offset, length }) => text.slice(offset, offset + length));
}

/** Mean over the lines of a number in 0 … 1; 0 for lines that are no objects. */
export function meanOverObjects(sample: Sample, score: (object: Node) => number): number {
  let sum = 0;
  for (const object of sample.objects) if (object) sum += score(object);
  return sample.objects.length === 0 ? 0 : sum / sample.objects.length;
}
