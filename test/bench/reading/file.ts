import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { canonicalLine } from '../../../src/dataset/canonical-line';
import { random, type Random } from '../../../src/random';

/** Whether annotators judge the same texts, or every prompt and response stands in the file once. */
export type Kind = 'repeated' | 'distinct';

const PROMPTS = 20_000;
const RESPONSES = 6; // to each prompt, where texts are repeated
const RECORDS_PER_ANNOTATOR = 100;
const WORDS =
  'the answer to this question depends on who asks it and why they want a reason that fits in few words because longer texts say less than people hope when they read them slowly at night'.split(
    ' ',
  );

/** Writes records of three responses, texts of 60 to 300 characters as people write them: some lines, quotes, accents. */
export async function writeFile(path: string, records: number, kind: Kind): Promise<void> {
  const draws = random(1, kind === 'repeated' ? 0 : 1);
  const texts = kind === 'repeated' ? repeatedTexts(draws) : undefined;
  const out = createWriteStream(path);
  let block = '';
  for (let r = 0; r < records; r++) {
    const x = draws.below(PROMPTS);
    const shown = draws.shuffle([0, 1, 2, 3, 4, 5]).slice(0, 3);
    block += canonicalLine({
      annotator: `annotator ${Math.floor(r / RECORDS_PER_ANNOTATOR)}`,
      prompt: texts ? texts[x * (RESPONSES + 1)] : text(draws),
      responses: shown.map((y) => (texts ? texts[x * (RESPONSES + 1) + 1 + y] : text(draws))),
      ranking: draws.shuffle([0, 1, 2]),
    });
    block += '\n';
    if (block.length < 1 << 20) continue;
    if (!out.write(block)) await once(out, 'drain');
    block = '';
  }
  out.end(block);
  await once(out, 'close');
}

function repeatedTexts(draws: Random): string[] {
  return Array.from({ length: PROMPTS * (RESPONSES + 1) }, () => text(draws));
}

/** Opens with a number of its own, so that hardly two are alike. */
function text(draws: Random): string {
  const length = 60 + draws.below(240) * draws.uniform();
  let written = `${draws.below(1e9)}:`;
  while (written.length < length) {
    written += ` ${WORDS[draws.below(WORDS.length)]}`;
    const chance = draws.below(60);
    if (chance === 0) written += '.\n';
    else if (chance === 1) written += ', “café”';
  }
  return written;
}
