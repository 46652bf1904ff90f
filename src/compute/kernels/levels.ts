/** Level of an option that was in the choice set but not ranked (the table's UNRANKED). */
export const UNRANKED_LEVEL = 0xffff;
