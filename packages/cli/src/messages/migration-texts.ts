/** Texts of the commands that migrate tenants. */
export interface MigrationTexts {
  readonly columns: {
    readonly migration: string;
    readonly done: string;
    readonly failed: string;
    readonly together: string;
    readonly longest: string;
    readonly tenant: string;
    readonly state: string;
    readonly before: string;
    readonly after: string;
    readonly time: string;
  };
  readonly wouldRun: string;
  readonly nothing: string;
  readonly untold: string;
  plan(id: string): string;
  counts(counts: {
    readonly upToDate: number;
    readonly done: number;
    readonly failed: number;
    readonly waiting: number;
    readonly others: number;
  }): string;
  stoppedAfter(wave: number): string;
  goOn(id: string, hasQuarantined: boolean): string;
  readonly already: string;
}
