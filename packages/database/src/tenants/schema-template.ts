/** What every new database of a fleet begins with, for drivers that make one finished database and copy it. */
export interface SchemaTemplate {
  /** Names the contents: the same for the same contents in every process. 32 hexadecimal digits. */
  fingerprint(): Promise<string>;
  /** The SQL that fills an empty database, in order. */
  statements(): Promise<readonly string[]>;
}
