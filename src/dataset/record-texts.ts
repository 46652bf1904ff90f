import { textEncoding } from './encode-text';
import { SLOT } from './slots';
import type { NewRecord } from './table-builder';
import { textSlots, type TextSlots } from './text-hash';
import type { TextBytes } from './text-pool';

/** The texts of one record after the other as bytes with keys. */
export interface RecordTexts {
  /** By SLOT, until the next record. */
  of(record: NewRecord): TextSlots;
  readonly source: TextBytes;
}

export function recordTexts(): RecordTexts {
  const encoding = textEncoding();
  let texts = textSlots(16);
  let last: NewRecord | undefined;
  return {
    source: encoding,
    of: (record) => {
      if (record === last) return texts;
      const m = record.responses.length;
      if (texts.length.length < SLOT.responses + m) texts = textSlots(2 * (SLOT.responses + m));
      encoding.clear();
      encoding.put(record.prompt, texts, SLOT.prompt);
      texts.length[SLOT.annotator] = -1;
      texts.length[SLOT.type] = -1;
      if (record.annotator) encoding.put(record.annotator, texts, SLOT.annotator);
      if (record.type !== undefined) encoding.put(record.type, texts, SLOT.type);
      for (let i = 0; i < m; i++) encoding.put(record.responses[i], texts, SLOT.responses + i);
      last = record;
      return texts;
    },
  };
}
