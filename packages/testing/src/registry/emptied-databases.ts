import { onTestFinished } from "vitest";

/** How databases of registries are made and emptied. */
export interface EmptiedDatabasesHarness {
  /** Makes a database and gives its name; whoever makes it drops it. */
  make(): Promise<string>;
  /** Takes every row out of a database, but not what its tables were made with. */
  empty(name: string): Promise<unknown>;
}

/** Databases in which a registry's tables are, and nothing in them. */
export interface EmptiedDatabases {
  /** Gives one to the current test, after which it is emptied. */
  take(): Promise<string>;
  /** Has one whose tables are not whole any more be taken by nobody. */
  spoil(name: string): void;
}

/** Gives databases of registries to one test after another: making the tables takes longer than most tests. */
export function emptiedDatabases({ make, empty }: EmptiedDatabasesHarness): EmptiedDatabases {
  const free: string[] = [];
  const spoilt = new Set<string>();
  return {
    async take() {
      const name = free.pop() ?? (await make());
      onTestFinished(async () => {
        if (spoilt.has(name)) return;
        await empty(name);
        free.push(name);
      });
      return name;
    },
    spoil: (name) => void spoilt.add(name),
  };
}
