import type { OperationDefinition, OperationStep } from "@af-tenancy/core";
import { demand } from "./demand.ts";

/** Checks operations when they are registered; throws `ConfigurationError`. */
export function checkOperations(key: string, operations: unknown): void {
  demand(key, operations, Array.isArray(operations), "pass an array of operations.");
  const kinds = new Set<unknown>(Object.keys(ownCalls));
  for (const [index, operation] of (operations as unknown[]).entries()) {
    const { kind, steps } = Object(operation) as Partial<OperationDefinition>;
    checkName(`${key}[${index}].kind`, kind, kinds);
    const hasSteps = Array.isArray(steps) && steps.length > 0;
    demand(`${key}[${index}].steps`, steps, hasSteps, "give it at least one step.");
    checkSteps(`${key}[${index}].steps`, steps);
  }
}

/** What is begun by a call of its own and not by `run`: each kind, and the name of its call. */
const ownCalls: Readonly<Record<string, string>> = {
  ...{ create: "create", "create-pending": "pending.fill", adopt: "adopt", clone: "clone" },
  ...{ purge: "purge" },
  ...{ rename: "update", domains: "update", update: "update" },
};

/** Names the call that begins a kind of operation; `undefined` for one that `run` begins. */
export function ownCall(kind: string): string | undefined {
  return Object.hasOwn(ownCalls, kind) ? ownCalls[kind] : undefined;
}

/** Checks steps, whose names must not be taken, and gives all names that are taken then; throws `ConfigurationError`. */
export function checkSteps(
  key: string,
  steps: unknown,
  taken: Iterable<unknown> = [],
): ReadonlySet<unknown> {
  demand(key, steps, Array.isArray(steps), "pass an array of steps.");
  const names = new Set<unknown>(taken);
  for (const [index, step] of (steps as unknown[]).entries()) {
    const { name, run } = Object(step) as Partial<OperationStep>;
    checkName(`${key}[${index}].name`, name, names);
    demand(`${key}[${index}].run`, run, typeof run === "function", "pass a function.");
  }
  return names;
}

function checkName(key: string, name: unknown, taken: Set<unknown>): void {
  const isName = typeof name === "string" && /^[a-z][a-z0-9-]{0,62}$/.test(name);
  demand(key, name, isName, "give it a name of lower-case letters, digits and hyphens.");
  demand(key, name, !taken.has(name), "the name is taken: choose another one.");
  taken.add(name);
}
