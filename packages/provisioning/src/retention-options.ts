import { demand } from "./demand.ts";

/** For how long the registry keeps what is over; `Infinity` for ever. */
export interface RetentionOptions {
  /** Milliseconds for changes of the outbox that every consumer has had; 7 days when absent. */
  readonly changesMs?: number;
  /** Milliseconds for operations that are done or discarded, and their idempotency keys; 90 days when absent. */
  readonly operationsMs?: number;
  /** Milliseconds for plans of migrations in which no tenant waits or is quarantined; 90 days when absent. */
  readonly plansMs?: number;
}

/** Checks for how long is kept what; throws `ConfigurationError`. */
export function checkRetention(key: string, value: unknown): void {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  demand(key, value, isObject, "pass an object.");
  for (const [name, milliseconds] of Object.entries(value as RetentionOptions)) {
    demand(`${key}.${name}`, milliseconds, known.has(name), `give ${[...known].join(", ")} only.`);
    if (milliseconds === undefined || milliseconds === Number.POSITIVE_INFINITY) continue;
    const isFine = Number.isSafeInteger(milliseconds) && milliseconds >= shortest;
    demand(
      `${key}.${name}`,
      milliseconds,
      isFine,
      "give whole milliseconds from 3,600,000, or Infinity.",
    );
  }
}

const known: ReadonlySet<string> = new Set(["changesMs", "operationsMs", "plansMs"]);

/** An hour: whoever follows the changes must have the time to. */
const shortest = 3_600_000;
