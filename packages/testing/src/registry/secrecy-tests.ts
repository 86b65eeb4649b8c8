import { inspect } from "node:util";
import {
  type CentralRegistry,
  InvalidInputError,
  type Placement,
  type TenantStatus,
} from "@af-tenancy/core";
import { expect, it, onTestFinished, vi } from "vitest";
import { acme } from "../fixtures/tenant-record.ts";
import type { BreakTables, MakeRegistry } from "./central-registry-harness.ts";

const canary = "canary-7c1f9e";
const placement: Placement = {
  driver: "any",
  strategy: "database",
  server: "default",
  name: "t_acme_g1",
  generation: 1,
  secret: canary,
};

/** Checks that what fails in the database says nothing of the values that were sent there. */
export function secrecyTests(make: MakeRegistry, breakTables: BreakTables | undefined): void {
  it("F137: shows no secret in what it throws and logs", async () => {
    if (breakTables === undefined) {
      throw new InvalidInputError("breakTables", "missing", "give it or leave out");
    }
    const registry = await make();
    const secretive = acme({ metadata: { canary }, placement });
    const log = vi.spyOn(console, "log");
    onTestFinished(() => log.mockRestore());

    const thrown = [
      await failure(() => insert(registry, { ...secretive, status: "odd" as TenantStatus })),
    ];
    await breakTables(registry);
    thrown.push(
      await failure(() => insert(registry, secretive)),
      await failure(async () => registry.store.find({ by: "slug", value: canary })),
      await failure(() => recordServer(registry)),
    );

    const text = [registry, ...thrown]
      .map((one) => `${inspect(one, { depth: 20, showHidden: true })} ${stackOf(one)}`)
      .join("\n");
    expect(text).not.toContain(canary);
    expect(text).toContain("REGISTRY_UNAVAILABLE");
    expect(log).not.toHaveBeenCalled();
  });
}

function insert(registry: CentralRegistry, tenant: ReturnType<typeof acme>): Promise<void> {
  return registry.transaction(({ tenants }) => tenants.insert(tenant, []));
}

function recordServer(registry: CentralRegistry): Promise<void> {
  const server = { driver: "any", name: "eu-1", state: "open", capacity: undefined } as const;
  return registry.transaction(({ servers }) =>
    servers.record({ ...server, secret: `v1.${canary}` }),
  );
}

function failure(work: () => Promise<unknown>): Promise<unknown> {
  return work().then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );
}

function stackOf(value: unknown): string {
  return value instanceof Error ? `${value} ${value.stack}` : "";
}
