type Colour = 'red' | 'yellow' | 'green' | 'cyan' | 'dim' | 'bold';

const codes: Readonly<Record<Colour, readonly [number, number]>> = {
  red: [31, 39],
  yellow: [33, 39],
  green: [32, 39],
  cyan: [36, 39],
  dim: [2, 22],
  bold: [1, 22],
};

/** Colours on a terminal, plain text on a pipe or with NO_COLOR (https://no-color.org). */
export function painter(stream: NodeJS.WriteStream): (colour: Colour, text: string) => string {
  const on = stream.isTTY && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
  return (colour, text) => (on ? `\u001b[${codes[colour][0]}m${text}\u001b[${codes[colour][1]}m` : text);
}

/**
 * Columns under each other, two spaces apart.
 *
 * @param rows the first is the header; all have the same number of cells
 * @param right indices of columns to align right
 */
export function textTable(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths = rows[0].map((_, j) => Math.max(...rows.map((row) => row[j].length)));
  return rows
    .map((row) =>
      row
        .map((cell, j) => (right.includes(j) ? cell.padStart(widths[j]) : cell.padEnd(widths[j])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Breaks a text at spaces so that no line is wider than `width`, if its words allow; later lines start with `indent`. */
export function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width - indent.length) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join(`\n${indent}`);
}

/** A text on one line, at most `width` characters of it. */
export function oneLine(text: string, width: number): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  const characters = Array.from(flat);
  return characters.length <= width ? flat : `${characters.slice(0, width - 1).join('')}…`;
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
