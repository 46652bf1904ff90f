import { unlink, open, type FileHandle } from 'node:fs/promises';
import { treeOf } from '../../dataset/json-place';
import { fileSource } from '../../dataset/source';

export interface TypeFreeCopy {
  readonly lines: number;
  /** Lines of which a `type` was left out; all others are copied as they are. */
  readonly changed: number;
  /** Lines that speak of a "type" and could not be read as a JSON object. */
  readonly unread: number;
}

interface Options {
  readonly signal?: AbortSignal;
  readonly onProgress?: (read: number, total: number) => void;
}

/**
 * Copies a file of JSON lines, decompressed, without the `type` of its records. Every other byte stays as it is, of
 * lines that are no records too. Holds one line at a time.
 *
 * @param to must not exist; removed again when copying fails
 * @throws a sentence when either file is refused, or the compressed data is damaged
 */
export async function copyWithoutTypes(
  from: string,
  to: string,
  options: Options = {},
): Promise<TypeFreeCopy> {
  const source = await fileSource(from, options);
  const target = await open(to, 'wx');
  try {
    const copied = await copyLines(source.chunks, target);
    if (source.damage !== undefined) throw new Error(source.damage.message);
    await target.close();
    return copied;
  } catch (error) {
    await target.close();
    await unlink(to);
    throw error;
  }
}

async function copyLines(chunks: AsyncIterable<Buffer>, target: FileHandle): Promise<TypeFreeCopy> {
  let lines = 0;
  let changed = 0;
  let unread = 0;
  let held: Buffer[] = []; // a line whose end has not been seen
  const cut = (line: Buffer): Buffer => {
    const kept = withoutType(line, lines === 0);
    lines++;
    if (kept === null) unread++;
    else if (kept !== line) changed++;
    return kept ?? line;
  };
  for await (const chunk of chunks) {
    const out: Buffer[] = [];
    let from = 0;
    for (let end = chunk.indexOf(10) + 1; end > 0; end = chunk.indexOf(10, from) + 1) {
      out.push(cut(Buffer.concat([...held, chunk.subarray(from, end)])));
      held = [];
      from = end;
    }
    if (from < chunk.length) held.push(chunk.subarray(from));
    await writeAll(target, Buffer.concat(out));
  }
  if (held.length > 0) await writeAll(target, cut(Buffer.concat(held)));
  return { lines, changed, unread };
}

/** A write may take less than it is given. */
async function writeAll(target: FileHandle, bytes: Buffer): Promise<void> {
  for (let done = 0; done < bytes.length;) done += (await target.write(bytes, done)).bytesWritten;
}

/** The bytes of a line without the field `type` of its object; the same buffer where there is none, null where it cannot be read. */
function withoutType(line: Buffer, first: boolean): Buffer | null {
  // a key may be written with \u escapes
  if (!line.includes('"type"') && !line.includes('\\u')) return line;
  const mark = first && line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf ? 3 : 0;
  // one character a byte: JSON's own characters are ASCII, so that places in this text are places in the line
  const text = line.toString('latin1', mark);
  const errors: Parameters<typeof treeOf>[1] = [];
  const root = treeOf(text, errors);
  if (root?.type !== 'object' || !root.children || errors.length > 0) return null;
  const fields = root.children;
  const kept = fields.filter((field) => field.children?.[0].value !== 'type');
  if (kept.length === fields.length) return line;
  // each field goes with the comma behind it, the last ones with the comma before them
  const parts: Buffer[] = [line.subarray(0, mark + fields[0].offset)];
  kept.forEach((field, i) => {
    const place = fields.indexOf(field);
    const next = i + 1 < kept.length ? fields[place + 1].offset : field.offset + field.length;
    parts.push(line.subarray(mark + field.offset, mark + next));
  });
  const last = fields[fields.length - 1];
  parts.push(line.subarray(mark + last.offset + last.length));
  return Buffer.concat(parts);
}
