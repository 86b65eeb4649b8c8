import { followChanges, systemClock } from "@af-tenancy/core";
import { sqliteRegistry } from "@af-tenancy/sqlite";

/** Follows the changes of a registry as the consumer `cache`, and prints the number of each that it was told. */
const [file = ""] = process.argv.slice(2);
const registry = sqliteRegistry({ file });
await registry.start?.();

followChanges({
  ...{ registry, clock: systemClock(), consumer: "cache" },
  deliver: ({ sequence }) => void process.stdout.write(`${sequence}\n`),
  failed: (error) => void process.stderr.write(`${error}\n`),
});
