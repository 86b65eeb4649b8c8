/** How an engine remembers seeders, where more than one transaction can write at a time. */
export interface SeederDialect {
  /** What a `select` ends with that takes a row for its transaction, or fails at once while another one has it. */
  readonly lock: string;
  /** What `create table` ends with, so that names and ids are told apart byte by byte. */
  readonly tableOptions: string;
  /** Tells whether a transaction could not begin, or not take the row, because another one is under way. */
  isLocked(error: unknown): boolean;
}

/** The table in which a database remembers which seeders it has had. */
export const seedersTable = "_tenancy_seeders";
