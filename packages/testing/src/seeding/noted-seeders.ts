import { randomUUID } from "node:crypto";
import type { Tenant } from "@af-tenancy/core";
import type { MakeSeeders, SeedingManager } from "./tenant-seeding-harness.ts";

/** What a seeder of the contract is given. */
interface NotedContext {
  readonly em: SeedingManager;
  readonly tenant: Tenant;
  readonly signal: AbortSignal;
  progress(done: number, total?: number): void;
}

/** A seeder of the contract, which gets the entity as well: a function, or what gives rows for batches of ten. */
export type NotedSeeder =
  | ((context: NotedContext, note: unknown) => unknown)
  | { rows(context: NotedContext): Iterable<object> | AsyncIterable<object> };

/** Makes seeders as the drivers' option takes them. */
export function seedersOf(seeders: Readonly<Record<string, NotedSeeder>>): MakeSeeders {
  return (note) => {
    const made = Object.entries(seeders).map(([name, seeder]) => {
      if (typeof seeder !== "function") return [name, { entity: note, batch: 10, ...seeder }];
      return [name, (context: NotedContext) => seeder(context, note)];
    });
    return Object.fromEntries(made);
  };
}

/** A note as seeders write it. */
export interface Note {
  readonly id: string;
  readonly text: string;
}

/** Makes rows whose keys are never the same, so that what is written twice is there twice. */
export function notes(count: number): readonly Note[] {
  return Array.from({ length: count }, (_, index) => ({ id: randomUUID(), text: textOf(index) }));
}

/** The texts of so many notes, each once. */
export function textsOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => textOf(index));
}

function textOf(index: number): string {
  return String(index).padStart(4, "0");
}

/** Makes the seeders of which a process that is to be killed runs the beginning only. */
export function wholeSeeders(): MakeSeeders {
  return seedersOf({
    whole: ({ em }, note) => em.insertMany(note, notes(40)),
    batched: { rows: () => notes(40) },
  });
}
