/** A part of a line and what it becomes. */
export interface LineEdit {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** A line with its edits made; no two of them overlap. */
export function edited(line: string, edits: readonly LineEdit[]): string {
  let result = line;
  for (const { offset, length, text } of [...edits].sort((a, b) => b.offset - a.offset))
    result = result.slice(0, offset) + text + result.slice(offset + length);
  return result;
}
