/** Tenant databases of which new ones are copies of a finished one. */
export interface TemplatedDatabases {
  /** Looks after the finished ones; absent where none are kept: made in memory, or not at all. */
  readonly templates?: DatabaseTemplates | undefined;
}

/** The finished databases that new ones are copied from. */
export interface DatabaseTemplates {
  /**
   * Makes those that new databases need now, one for each server that the options name, where they are missing; whoever
   * makes a tenant first does the same. Gives the names of those that were made.
   */
  build(): Promise<readonly string[]>;
  /** Gives those that there are, of any application, and those that new databases need now. */
  list(): Promise<readonly DatabaseTemplate[]>;
}

/** A finished database that new ones are copied from. */
export interface DatabaseTemplate {
  readonly driver: string;
  readonly server: string;
  readonly name: string;
  /** New databases of this application are copied from it. */
  readonly isCurrent: boolean;
  /** It is there; otherwise whoever makes the next tenant makes it. */
  readonly exists: boolean;
  /** The day on which it was used last, such as `2026-02-12` in UTC; `undefined` where that is not known. */
  readonly usedOn: string | undefined;
}
