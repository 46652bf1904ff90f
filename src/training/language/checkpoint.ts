import { createHash } from 'node:crypto';

/** Where checkpoints lie: a folder, as a rule. The run directory gives one whose writes are atomic. */
export interface CheckpointFiles {
  list(): Promise<readonly string[]>;
  read(name: string): Promise<Uint8Array>;
  /** Afterwards the file is complete; whatever happens meanwhile, it is complete or absent. */
  write(name: string, content: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
  /** Told of a file that is damaged or of another training, and so not taken up. */
  passedOver?(name: string): void;
}

export type Column = Float32Array | Float64Array | Int32Array;

/** Everything that training needs to go on from where it is. */
export interface Snapshot<Meta> {
  /** Written as JSON: numbers keep every bit, NaN and infinities do not. */
  readonly meta: Meta;
  readonly columns: Readonly<Record<string, Column>>;
}

export interface Checkpoints<Meta> {
  /** Writes one more and removes all but the last two. */
  save(snapshot: Snapshot<Meta>): Promise<void>;
  /** The newest that is whole, of training with the same fingerprint. */
  load(): Promise<Snapshot<Meta> | undefined>;
}

const KEPT = 2;
const MAGIC = 'emdpo-checkpoint-1';
const TYPES = { Float32Array, Float64Array, Int32Array };

interface Header<Meta> {
  readonly magic: string;
  readonly fingerprint: string;
  readonly meta: Meta;
  readonly columns: readonly { name: string; type: keyof typeof TYPES; length: number }[];
}

/**
 * Checkpoints of one training.
 *
 * @param fingerprint of all that the training depends on: what another one left behind is not taken up
 */
export function checkpoints<Meta>(
  files: CheckpointFiles,
  prefix: string,
  fingerprint: string,
): Checkpoints<Meta> {
  const own = async (): Promise<{ name: string; index: number }[]> => {
    const pattern = new RegExp(`^${prefix}-(\\d+)\\.checkpoint$`);
    const found = (await files.list()).flatMap((name) => {
      const match = pattern.exec(name);
      return match ? [{ name, index: Number(match[1]) }] : [];
    });
    return found.sort((a, b) => b.index - a.index);
  };
  return {
    save: async (snapshot) => {
      const before = await own();
      const index = (before.at(0)?.index ?? 0) + 1;
      await files.write(
        `${prefix}-${String(index).padStart(6, '0')}.checkpoint`,
        encodeSnapshot(snapshot, fingerprint),
      );
      for (const { name } of before.slice(KEPT - 1)) await files.remove(name);
    },
    load: async () => {
      for (const { name } of await own()) {
        const snapshot = decodeSnapshot<Meta>(await files.read(name), fingerprint);
        if (snapshot) return snapshot;
        files.passedOver?.(name);
      }
      return undefined;
    },
  };
}

/** Header length, header, columns, SHA-256 of all before it. */
export function encodeSnapshot<Meta>({ meta, columns }: Snapshot<Meta>, fingerprint: string): Uint8Array {
  const entries = Object.entries(columns);
  const described: Header<Meta> = {
    magic: MAGIC,
    fingerprint,
    meta,
    columns: entries.map(([name, data]) => ({
      name,
      type: data.constructor.name as keyof typeof TYPES,
      length: data.length,
    })),
  };
  const header = Buffer.from(JSON.stringify(described));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(header.length);
  const body = Buffer.concat([
    size,
    header,
    ...entries.map(([, data]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ]);
  return Buffer.concat([body, createHash('sha256').update(body).digest()]);
}

/** @returns undefined where the content is damaged or belongs to another training */
export function decodeSnapshot<Meta>(content: Uint8Array, fingerprint: string): Snapshot<Meta> | undefined {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  if (bytes.length < 36) return undefined;
  const body = bytes.subarray(0, bytes.length - 32);
  if (
    !createHash('sha256')
      .update(body)
      .digest()
      .equals(bytes.subarray(bytes.length - 32))
  )
    return undefined;
  const end = 4 + body.readUInt32LE(0);
  // the hash has just established that we wrote it
  const header = JSON.parse(body.toString('utf8', 4, end)) as Header<Meta>;
  if (header.magic !== MAGIC || header.fingerprint !== fingerprint) return undefined;
  const columns: Record<string, Column> = {};
  let at = end;
  for (const { name, type, length } of header.columns) {
    const size = length * TYPES[type].BYTES_PER_ELEMENT;
    // a copy, because a view would have to be aligned
    const copy = Uint8Array.from(body.subarray(at, at + size));
    columns[name] = new TYPES[type](copy.buffer);
    at += size;
  }
  return { meta: header.meta, columns };
}
