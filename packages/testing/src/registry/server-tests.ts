import type { Placement, ServerRecord } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { acme, globex, tenantRecord } from "../fixtures/tenant-record.ts";
import { rejectionCode } from "../suite/code-of.ts";
import type { MakeRegistry } from "./central-registry-harness.ts";

/** Checks how a registry keeps the servers that tenants are placed on. */
export function serverTests(make: MakeRegistry): void {
  const east = server({ name: "east", capacity: 2, secret: "v1.key.iv.text.tag" });
  const west = server({ name: "west" });

  it("gives servers back as they were written, by driver and name", async () => {
    const registry = await make();
    const other = server({ driver: "another", name: "west", state: "closed", capacity: 0 });

    const listed = await registry.transaction(async ({ servers }) => {
      for (const one of [west, east, other]) await servers.record(one);
      return servers.list();
    });

    expect(listed).toEqual([other, east, west].map((one) => ({ ...one, tenants: 0 })));
  });

  it("replaces a server of the same driver and name", async () => {
    const registry = await make();
    const changed = server({ name: "east", state: "closed" });

    const listed = await registry.transaction(async ({ servers }) => {
      await servers.record(east);
      await servers.record(changed);
      return servers.list();
    });

    expect(listed).toEqual([{ ...changed, tenants: 0 }]);
  });

  it("refuses a secret that is not sealed, does not show it, and keeps what was there", async () => {
    const registry = await make();
    await registry.transaction(({ servers }) => servers.record(east));

    for (const secret of ["postgres://canary", "canary", "", "v1.", "v1.a canary"]) {
      const plain = registry.transaction(({ servers }) => servers.record({ ...east, secret }));
      const error: unknown = await plain.catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "INVALID_INPUT" });
      expect(String(error)).not.toContain("canary");
    }

    const listed = await registry.transaction(({ servers }) => servers.list());
    expect(listed).toEqual([{ ...east, tenants: 0 }]);
  });

  it("counts the tenants that are placed on a server, and forgets it when there are none", async () => {
    const registry = await make();
    await registry.transaction(async ({ servers, tenants }) => {
      await servers.record(east);
      await servers.record(west);
      await tenants.insert(acme({ placement: placement("east", "one") }), []);
      await tenants.insert(globex({ placement: placement("east", "two") }), []);
      await tenants.insert(tenantRecord({ slug: "unplaced" }), []);
    });
    const forget = (name: string) =>
      registry.transaction(({ servers }) => servers.forget("postgresql", name));

    const loads = await registry.transaction(({ servers }) => servers.list());
    const refused = await rejectionCode(forget("east"));
    await forget("west");
    await registry.transaction(async ({ tenants }) => {
      await tenants.remove(acme().id, 1);
      await tenants.update(globex().id, 1, { placement: placement("north", "two") });
    });
    await forget("east");

    expect(loads.map(({ name, tenants }) => [name, tenants])).toEqual([
      ["east", 2],
      ["west", 0],
    ]);
    expect(refused).toBe("INVALID_INPUT");
    expect(await registry.transaction(({ servers }) => servers.list())).toEqual([]);
  });
}

function server(values: Partial<ServerRecord>): ServerRecord {
  return {
    ...{ driver: "postgresql", name: "default", state: "open" },
    ...{ capacity: undefined, secret: undefined },
    ...values,
  };
}

function placement(onServer: string, name: string): Placement {
  return {
    ...{ driver: "postgresql", strategy: "database", server: onServer, name },
    ...{ generation: 1, secret: undefined },
  };
}
