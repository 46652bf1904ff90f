const PAGE = 1 << 16;
/** Every piece of memory begins at a multiple of it: a cache line. */
const ALIGNMENT = 64;

export interface Allocator {
  /** @returns address of as many bytes, not cleared; undefined where memory has no room for them */
  allocate(bytes: number): number | undefined;
  free(address: number, bytes: number): void;
}

interface Piece {
  readonly address: number;
  readonly bytes: number;
}

/** First fit among what was freed, neighbours joined; else the memory grows. All from `first` on is free. */
export function allocator(memory: WebAssembly.Memory, first: number): Allocator {
  const rounded = (bytes: number) => Math.max(1, Math.ceil(bytes / ALIGNMENT)) * ALIGNMENT;
  let end = rounded(first);
  let free: Piece[] = [];
  return {
    allocate: (asked) => {
      const bytes = rounded(asked);
      const at = free.findIndex((piece) => piece.bytes >= bytes);
      if (at >= 0) {
        const { address, bytes: had } = free[at];
        if (had === bytes) free.splice(at, 1);
        else free[at] = { address: address + bytes, bytes: had - bytes };
        return address;
      }
      const missing = Math.ceil((end + bytes - memory.buffer.byteLength) / PAGE);
      if (missing > 0) {
        try {
          memory.grow(missing);
        } catch {
          return undefined;
        }
      }
      const address = end;
      end += bytes;
      return address;
    },
    free: (address, asked) => {
      const joined: Piece[] = [];
      for (const piece of [...free, { address, bytes: rounded(asked) }].sort(
        (a, b) => a.address - b.address,
      )) {
        const last = joined.at(-1);
        if (last !== undefined && last.address + last.bytes === piece.address)
          joined[joined.length - 1] = { address: last.address, bytes: last.bytes + piece.bytes };
        else joined.push(piece);
      }
      const highest = joined.at(-1);
      if (highest !== undefined && highest.address + highest.bytes === end) {
        end = highest.address;
        joined.pop();
      }
      free = joined;
    },
  };
}
