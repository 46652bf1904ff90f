/** Which text of a record stands in which slot; its responses fill those from `responses` on. */
export const SLOT = { prompt: 0, annotator: 1, type: 2, id: 3, responses: 4 } as const;
