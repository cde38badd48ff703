/** How a message, part or change lies in its array; the generated tables are made of these. */
export interface Field {
  readonly name: string;
  /** A scalar of the protocol, or `ratio` (a float from 0 to 1), `choice`, `struct`, `changes`. */
  readonly kind: string;
  /** Name of the choice or struct. */
  readonly of?: string;
  readonly list?: true;
  /** Most characters of a text, most bytes of a byte string. */
  readonly limit?: number;
  /** May be nil. */
  readonly nil?: true;
  /** What it is where the array ends before it, as on the wire; a field without this must be there. */
  readonly otherwise?: unknown;
}

export interface Layout {
  readonly name: string;
  readonly fields: readonly Field[];
}
