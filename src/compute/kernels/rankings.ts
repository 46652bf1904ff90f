/**
 * Distinct rankings over alternatives (responses or items), flat.
 *
 * The choice set of ranking r is `option[start[r]] … option[start[r + 1] − 1]`, best first. Equal `level`s are
 * ties; options at UNRANKED_LEVEL come last: offered, but below all ranked ones.
 */
export interface Rankings {
  readonly count: number;
  /** How many alternatives there are; options are 0 … alternatives − 1. */
  readonly alternatives: number;
  readonly start: Uint32Array;
  readonly option: Int32Array;
  readonly level: Uint16Array;
  /** 1 where a ranking has tied options. */
  readonly tied: Uint8Array;
  /** Size of the largest choice set. */
  readonly largest: number;
}
