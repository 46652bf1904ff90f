import type { Fault } from './finding-log';

/** Where in a JSON value: keys and indices from the outside in. */
export type JsonPath = readonly (string | number)[];

/** Ends the reading of one record; the loop over the records reports it at its place and goes on. */
export class RecordFault extends Error implements Fault {
  /** @param path the broken field; empty for the record as a whole */
  constructor(
    readonly code: string,
    readonly path: JsonPath,
    message: string,
    readonly fix?: string,
  ) {
    super(message);
  }
}
