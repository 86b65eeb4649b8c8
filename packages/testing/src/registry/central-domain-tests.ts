import {
  type CentralRegistry,
  createTenancy,
  type RegistryCentral,
  registryCentral,
} from "@af-tenancy/core";
import { expect, it, onTestFinished, vi } from "vitest";
import { acme } from "../fixtures/tenant-record.ts";
import { rejectionCode } from "../suite/code-of.ts";
import type { JoinRegistry, MakeRegistry } from "./central-registry-harness.ts";

/** Checks how a registry keeps central host names, and who hears of their changes. */
export function centralDomainTests(make: MakeRegistry, join: JoinRegistry | undefined): void {
  it("S005: gives central names in order, each once, and forgets them", async () => {
    const registry = await make();

    const added = await registry.transaction(async ({ centralDomains }) => [
      await centralDomains.add("ops.test"),
      await centralDomains.add("*.admin.test"),
      await centralDomains.add("ops.test"),
      await centralDomains.add("Ops.test"),
    ]);
    const listed = await kept(registry);
    const removed = await registry.transaction(async ({ centralDomains }) => [
      await centralDomains.remove("ops.test"),
      await centralDomains.remove("ops.test"),
    ]);

    expect(added).toEqual([true, true, false, true]);
    expect(listed).toEqual(["*.admin.test", "Ops.test", "ops.test"]);
    expect([removed, await kept(registry)]).toEqual([
      [true, false],
      ["*.admin.test", "Ops.test"],
    ]);
  });

  it("S005: a host is central as soon as it was added, here at once and soon in other processes", async () => {
    const registry = await make();
    const here = await started(registry);
    const there = join === undefined ? here : await started(await join(registry));
    const before = here.current;
    const knows = (central: RegistryCentral) =>
      ["ops.test", "eu.admin.test", "a.eu.admin.test", "fixed.test"].map((host) =>
        central.has(host),
      );

    const added = [await here.add("ops.test"), await here.add("*.admin.test")];
    const again = await here.add("ops.test");
    const atOnce = knows(here);
    await vi.waitFor(() => expect(knows(there)).toEqual(atOnce), 5_000);
    const removed = [await there.remove("ops.test"), await there.remove("fixed.test")];

    expect([added, again, removed]).toEqual([[true, true], false, [true, false]]);
    expect(atOnce).toEqual([true, true, false, true]);
    expect(knows(there)).toEqual([false, true, false, true]);
    await vi.waitFor(() => expect(knows(here)).toEqual(knows(there)), 5_000);
    expect(here.current).not.toBe(before);
    expect(here.names).toEqual(["fixed.test", "*.admin.test"]);
    const late = await started(join === undefined ? registry : await join(registry));
    expect(late.names).toEqual(here.names);
  });

  it("S005: tells of each change by the outbox and in the audit trail, and of nothing that changed nothing", async () => {
    const registry = await make();
    const central = await started(registry);
    await central.add("ops.test");
    await central.add("ops.test");
    await central.remove("ops.test");
    await central.remove("ops.test");

    const told = await registry.changes.readAfter(0, 10);
    const acts = await registry.transaction(({ audit }) => audit.list());

    expect(told.map(({ type, tenantId, payload }) => [type, tenantId, payload])).toEqual([
      ["central.added", "", { domains: ["ops.test"] }],
      ["central.removed", "", { domains: ["ops.test"] }],
    ]);
    expect(acts.map(({ action, details }) => [action, details])).toEqual([
      ["central.removed", { name: "ops.test" }],
      ["central.added", { name: "ops.test" }],
    ]);
  });

  it("S005: refuses what is no host name, and what a tenant would lose", async () => {
    const registry = await make();
    const central = await started(registry);
    const domains = ["shop.test", "*.acme.test"].map((name, index) => ({
      ...{ name, primary: index === 0, verifiedAt: undefined },
    }));
    await registry.transaction(({ tenants }) => tenants.insert(acme(), domains));

    for (const [name, code] of [
      ["Ops.test", "INVALID_INPUT"],
      ["https://ops.test", "INVALID_INPUT"],
      ["", "INVALID_INPUT"],
      ["a.*.test", "INVALID_INPUT"],
      [{}, "INVALID_INPUT"],
      ["shop.test", "DOMAIN_TAKEN"],
      ["*.acme.test", "DOMAIN_TAKEN"],
      ["www.acme.test", "DOMAIN_TAKEN"],
      ["*.test", "DOMAIN_TAKEN"],
      ["acme.fixed.test", "SLUG_TAKEN"],
    ]) {
      expect([name, await rejectionCode(central.add(name as string))]).toEqual([name, code]);
    }
    expect(await kept(registry)).toEqual([]);
    expect(await central.add("globex.fixed.test")).toBe(true);
    expect(await central.add("acme.other.test")).toBe(true);
  });
}

function kept(registry: CentralRegistry): Promise<readonly string[]> {
  return registry.transaction(({ centralDomains }) => centralDomains.list());
}

/** Starts what would be the central names of one process; the registry is ready, and stays so. */
async function started(registry: CentralRegistry): Promise<RegistryCentral> {
  const central = registryCentral({ names: ["fixed.test"] });
  const { name, store, changes } = registry;
  const transaction: CentralRegistry["transaction"] = (work) => registry.transaction(work);
  const tenancy = createTenancy({ registry: { name, store, changes, transaction }, central });
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  return central;
}
