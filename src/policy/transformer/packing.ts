import { bucket } from './buckets';
import type { PackedBatch } from './packed-batch';
import type { TokenRecord } from './truncate';

/** The sizes of a packed batch: batches of one shape run through one graph. */
export interface PackShape {
  readonly rows: number;
  /** Tokens in a row. */
  readonly length: number;
  readonly slots: number;
  readonly scored: number;
}

/** Rows grow in steps of this many tokens. */
const LENGTH_UNIT = 32;
const SCORED_UNIT = 32;

/** A prompt and those of its responses that share a row with it. */
interface Block {
  readonly prompt: Int32Array;
  readonly responses: readonly { readonly slot: number; readonly tokens: Int32Array }[];
  readonly size: number;
}

export interface PackOptions {
  /**
   * Longest row, in tokens. A record that needs more is spread over several rows, its prompt in each; a prompt with one
   * response is never divided, so the row may have to be longer.
   */
  readonly longest?: number;
  /** Pads to at least this shape, so that a batch can use a graph that is there already. */
  readonly shape?: PackShape;
}

/**
 * Packs records into rows of one length. Slots are numbered through the records and their responses in order.
 *
 * @param records truncated, none with an empty prompt or response
 * @returns the batch, padded to sizes that few graphs cover; `slots` counts the padded ones too
 */
export function pack(records: readonly TokenRecord[], options: PackOptions = {}): PackedBatch {
  const { longest = 1024, shape } = options;
  const blocks = blocksOf(records, longest);
  const largest = blocks.reduce((most, { size }) => Math.max(most, size), 1);
  const length = padded(largest, shape?.length, LENGTH_UNIT);
  const rows = intoRows(blocks, length);
  const slots = blocks.reduce((n, { responses }) => n + responses.length, 0);
  const scored = blocks.reduce((n, block) => n + block.size - block.prompt.length, 0);
  return fill(rows, {
    rows: padded(rows.length, shape?.rows),
    length,
    slots: Math.max(slots, shape?.slots ?? 0),
    scored: padded(scored, shape?.scored, SCORED_UNIT),
  });
}

/** The size asked for where that is enough, or else the next that few graphs cover. */
function padded(size: number, wanted = 0, unit = 1): number {
  return size <= wanted ? wanted : bucket(size, unit);
}

function blocksOf(records: readonly TokenRecord[], longest: number): Block[] {
  const blocks: Block[] = [];
  let slot = 0;
  for (const { line, prompt, responses } of records) {
    let open: { slot: number; tokens: Int32Array }[] = [];
    let size = prompt.length;
    const close = () => {
      if (open.length > 0) blocks.push({ prompt, responses: open, size });
      open = [];
      size = prompt.length;
    };
    for (const tokens of responses) {
      if (prompt.length === 0 || tokens.length === 0) {
        throw new Error(`The record of line ${line} has an empty prompt or response: nothing can be scored.`);
      }
      if (size + tokens.length > longest) close();
      open.push({ slot: slot++, tokens });
      size += tokens.length;
    }
    close();
  }
  return blocks;
}

/** First fit, the largest block first: within a fifth or so of the fewest rows. */
function intoRows(blocks: readonly Block[], length: number): Block[][] {
  const rows: { blocks: Block[]; free: number }[] = [];
  for (const block of [...blocks].sort((a, b) => b.size - a.size)) {
    let row = rows.find(({ free }) => free >= block.size);
    if (!row) rows.push((row = { blocks: [], free: length }));
    row.blocks.push(block);
    row.free -= block.size;
  }
  return rows.map((row) => row.blocks);
}

function fill(rows: readonly (readonly Block[])[], shape: PackShape): PackedBatch {
  const cells = shape.rows * shape.length;
  const batch = {
    ...shape,
    tokens: new Int32Array(cells),
    position: new Int32Array(cells),
    block: new Int32Array(cells),
    segment: new Int32Array(cells),
    predictor: new Int32Array(shape.scored),
    target: new Int32Array(shape.scored),
    slot: new Int32Array(shape.scored).fill(-1),
  };
  let next = 0;
  rows.forEach((blocks, row) => {
    let at = row * shape.length;
    blocks.forEach(({ prompt, responses }, index) => {
      const put = (token: number, position: number, segment: number) => {
        batch.tokens[at] = token;
        batch.position[at] = position;
        batch.block[at] = index + 1;
        batch.segment[at] = segment;
        at++;
      };
      prompt.forEach((token, position) => {
        put(token, position, 0);
      });
      const endOfPrompt = at - 1;
      responses.forEach(({ slot, tokens }, i) => {
        tokens.forEach((token, j) => {
          batch.predictor[next] = j === 0 ? endOfPrompt : at - 1;
          batch.target[next] = token;
          batch.slot[next++] = slot;
          put(token, prompt.length + j, i + 1);
        });
      });
    });
  });
  return batch;
}
