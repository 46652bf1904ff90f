import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

const WORDS = 'answer because evening lamp light morning mountain paper question river stone window'.split(
  ' ',
);

/**
 * Writes canonical JSON lines of about 700 bytes until the file has the size asked for: 20,000 annotators rank three
 * responses to 2,000 prompts. Some records rank a response that is not there, evenly spread. Always the same.
 *
 * @param bytes the size the file reaches
 * @param every each how manieth record is faulty
 */
export async function writeBigDataset(file: string, bytes: number, every: number) {
  const out = createWriteStream(file);
  const next = numbers();
  let records = 0;
  let faults = 0;
  for (let written = 0; written < bytes;) {
    const lines: string[] = [];
    for (let i = 0; i < 1000 && written < bytes; i++) {
      const faulty = ++records % every === 0;
      if (faulty) faults++;
      const line = `${JSON.stringify(record(records, next, faulty))}\n`;
      written += line.length;
      lines.push(line);
    }
    if (!out.write(lines.join(''))) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
  return { records, faults };
}

function record(n: number, next: (below: number) => number, faulty: boolean) {
  const x = next(2000);
  const first = next(3);
  const second = (first + 1 + next(2)) % 3;
  return {
    annotator: `annotator ${n % 20_000}`,
    prompt: `Question ${x}`,
    responses: [0, 1, 2].map((y) => response(x, y)),
    ranking: [first, second, faulty ? 7 : 3 - first - second],
  };
}

function response(x: number, y: number): string {
  let state = x * 7 + y * 13;
  const words = Array.from({ length: 24 }, () => {
    state = (state * 31 + 17) % 1009;
    return WORDS[state % WORDS.length];
  });
  return `Answer ${y} to ${x}: ${words.join(' ')}`;
}

function numbers() {
  let state = 1;
  return (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
