import {
  type CentralRegistry,
  createTenancy,
  isTenancyError,
  memoryDatabases,
  type Tenancy,
} from "@af-tenancy/core";
import { tenantRecord, testScale } from "@af-tenancy/testing";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { provisioning } from "../../src/index.ts";
import { codeThrownBy } from "../support/thrown-by.ts";
import { call, callNames } from "./calls.ts";
import { type ModelTenant, modelCall } from "./model.ts";
import { registrySites } from "./registry-sites.ts";

const past = 1_000;
const day = 24 * 3_600_000;

describe.each(registrySites)("a life on $name $missing", ({ missing, make }) => {
  it.skipIf(missing !== "")(
    "S030: goes as the model of the table says, and is in outbox and audit trail",
    { timeout: 60_000 },
    async () => {
      const { one, registry, add, read } = await twoProcesses(make);
      let lives = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.constantFrom(...callNames), { maxLength: 12 }),
          async (calls) => {
            lives += 1;
            const id = await add(`acme-${lives}`);
            let model: ModelTenant = { status: "active", former: undefined };
            const moved: string[] = [];

            for (const name of calls) {
              const { after, outcome } = modelCall(model, name);
              const code = await codeThrownBy(() => call(one.tenants, name, id));
              expect(code).toBe(outcome === "refused" ? "ILLEGAL_MOVE" : undefined);
              if (outcome === "moved") moved.push(name);
              model = after;
            }

            expect(await read(id)).toMatchObject({
              ...{ status: model.status, formerStatus: model.former, version: 1 + moved.length },
            });
            const acts = await registry.transaction(({ audit }) => audit.list({ tenantId: id }));
            expect(acts).toHaveLength(moved.length);
          },
        ),
        { numRuns: Math.ceil(100 * testScale()) },
      );
    },
  );

  it.skipIf(missing !== "")(
    "of moves that two processes make at once none is lost, and none is made that is not allowed",
    { timeout: 60_000 },
    async () => {
      const { one, other, registry, add, read } = await twoProcesses(make);

      for (let round = 0; round < Math.ceil(100 * testScale()); round += 1) {
        const id = await add(`acme-${round}`);
        const codes = await Promise.all([
          codeOf(one.tenants.suspend(id)),
          codeOf(other.tenants.block(id)),
          codeOf(one.tenants.setAccess(id, "read-only")),
          codeOf(other.tenants.setExpiry(id, past)),
        ]);

        const after = await read(id);
        const acts = await registry.transaction(({ audit }) => audit.list({ tenantId: id }));
        expect(codes.slice(1)).toEqual(["done", "done", "done"]);
        expect(after).toMatchObject({ status: "blocked", access: "read-only", expiresAt: past });
        expect(acts).toHaveLength(codes[0] === "done" ? 4 : 3);
        expect(after?.version).toBe(1 + acts.length);
        expect(codes[0] === "done" ? "suspended" : "active").toBe(after?.formerStatus);
      }
    },
  );

  it.skipIf(missing !== "")(
    "S072: is suspended once by two sweeps, renewed, and purged once",
    { timeout: 60_000 },
    async () => {
      const { one, other, read, add } = await twoProcesses(make);
      const ids: string[] = [];
      for (let index = 10; index < 20; index += 1) {
        const id = await add(`acme-${index}`);
        await one.tenants.setExpiry(id, past);
        ids.push(id);
      }
      const globex = await add("globex");

      const first = await Promise.all([one.tenants.sweep(), other.tenants.sweep()]);
      expect(first.flatMap(({ suspended }) => suspended).sort()).toEqual(ids);
      expect(await read(ids[0] ?? "")).toMatchObject({ status: "suspended", suspendedAt: past });

      const [renewed = "", ...rest] = ids;
      await other.tenants.setExpiry(renewed, Date.now() + day);
      for (const id of rest) await one.tenants.delete(id, { graceMs: 0 });
      const second = await Promise.all([one.tenants.sweep(), other.tenants.sweep()]);

      expect(second.flatMap(({ failed }) => failed)).toEqual([]);
      expect(second.flatMap(({ purged }) => purged).sort()).toEqual(rest);
      expect(await read(rest[0] ?? "")).toBeUndefined();
      expect(await read(renewed)).toMatchObject({ status: "active" });
      expect(await read(globex)).toMatchObject({ status: "active", version: 1 });
    },
  );
});

async function twoProcesses(make: () => Promise<() => CentralRegistry>) {
  const open = await make();
  const registry = open();
  const [one, other] = [await startProcess(registry), await startProcess(open())];
  return {
    ...{ one, other, registry },
    async add(id: string): Promise<string> {
      await registry.transaction(({ tenants }) =>
        tenants.insert(tenantRecord({ id, slug: id }), []),
      );
      return id;
    },
    read: async (id: string) => registry.store.find({ by: "id", value: id }),
  };
}

async function startProcess(registry: CentralRegistry): Promise<Tenancy> {
  const parts = { registry, databases: memoryDatabases(), provisioning: provisioning() };
  const tenancy = createTenancy(parts);
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  return tenancy;
}

async function codeOf(moving: Promise<unknown>): Promise<unknown> {
  try {
    await moving;
    return "done";
  } catch (error) {
    return isTenancyError(error) ? error.code : error;
  }
}
