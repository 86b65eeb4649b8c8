import type { CentralRegistry, RegistryTransaction } from "@af-tenancy/core";
import { InvalidInputError } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { tenantDomain } from "../fixtures/tenant-domain.ts";
import { acme, globex } from "../fixtures/tenant-record.ts";
import { collect } from "../suite/collect.ts";
import type { MakeRegistry } from "./central-registry-harness.ts";
import { newOperation } from "./new-operation.ts";

/** Checks that a transaction is kept whole or not at all. */
export function transactionTests(make: MakeRegistry): void {
  it("gives what its work resolves to", async () => {
    const registry = await make();

    expect(await registry.transaction(async () => ({ answer: 42 }))).toEqual({ answer: 42 });
  });

  it("lets its work read what it wrote", async () => {
    const registry = await make();

    const read = await registry.transaction(async (transaction) => {
      await writeEverything(transaction);
      return contents(transaction);
    });

    expect(read).toEqual({
      domains: ["globex.example.com"],
      operation: "operation-2",
      unfinished: ["operation-2"],
      ledger: ["t_globex_g1"],
      outbox: ["tenant.created"],
      cursor: 7,
    });
  });

  it("keeps nothing of a work that rejects, and rejects with the same error", async () => {
    const registry = await make();
    await registry.transaction(({ tenants }) =>
      tenants.insert(acme(), [tenantDomain("acme.example.com")]),
    );
    const failure = new InvalidInputError("work", "it", "it fails on purpose");

    const failed = registry.transaction(async (transaction) => {
      await writeEverything(transaction);
      await transaction.tenants.update(acme().id, 1, { slug: "renamed" });
      await transaction.tenants.setDomains(acme().id, []);
      throw failure;
    });

    await expect(failed).rejects.toBe(failure);
    expect(await slugs(registry)).toEqual(["acme"]);
    expect(await registry.store.find({ by: "id", value: acme().id })).toEqual(acme());
    expect(await registry.store.find({ by: "domain", value: "acme.example.com" })).toBeDefined();
    expect(await registry.store.find({ by: "domain", value: "globex.example.com" })).toBe(
      undefined,
    );
    expect(await registry.transaction(contents)).toEqual({
      domains: [],
      operation: undefined,
      unfinished: [],
      ledger: [],
      outbox: [],
      cursor: 0,
    });
  });

  it("brings back what a work that rejects had removed", async () => {
    const registry = await make();
    const domain = tenantDomain("acme.example.com");
    await registry.transaction(({ tenants }) => tenants.insert(acme(), [domain]));

    const failed = registry.transaction(async ({ tenants }) => {
      await tenants.remove(acme().id, 1);
      throw new InvalidInputError("work", "it", "it fails on purpose");
    });

    await expect(failed).rejects.toThrow("on purpose");
    expect(await registry.store.find({ by: "slug", value: "acme" })).toEqual(acme());
    expect(await registry.store.find({ by: "domain", value: domain.name })).toEqual(acme());
  });

  it("leaves nothing behind that would hinder the same work later", async () => {
    const registry = await make();
    const failed = registry.transaction(async (transaction) => {
      await writeEverything(transaction);
      throw new InvalidInputError("work", "it", "it fails on purpose");
    });
    await expect(failed).rejects.toThrow("on purpose");

    await registry.transaction(writeEverything);

    expect(await slugs(registry)).toEqual(["globex"]);
    expect(await registry.transaction(contents)).toMatchObject({ operation: "operation-2" });
  });

  it("keeps nothing of a work that throws before it gives a promise", async () => {
    const registry = await make();

    const failed = registry.transaction(() => {
      throw new InvalidInputError("work", "it", "it fails on purpose");
    });

    await expect(failed).rejects.toThrow("on purpose");
    await registry.transaction(({ tenants }) => tenants.insert(acme(), []));
    expect(await slugs(registry)).toEqual(["acme"]);
  });
}

async function writeEverything(transaction: RegistryTransaction): Promise<void> {
  const { id } = globex();
  await transaction.tenants.insert(globex(), [tenantDomain("globex.example.com")]);
  await transaction.operations.open(
    newOperation({ id: "operation-2", tenantId: id, idempotencyKey: "key-2" }),
  );
  await transaction.ledger.record({
    tenantId: id,
    placement: {
      driver: "memory",
      strategy: "database",
      server: "default",
      name: "t_globex_g1",
      generation: 1,
      secret: undefined,
    },
    state: "creating",
  });
  await transaction.outbox.append({
    type: "tenant.created",
    tenantId: id,
    version: 1,
    payload: {},
  });
  await transaction.outbox.moveCursor("consumer", 7);
}

async function contents(transaction: RegistryTransaction) {
  const operation = await transaction.operations.find({ idempotencyKey: "key-2" });
  return {
    domains: (await transaction.tenants.domains(globex().id)).map(({ name }) => name),
    operation: operation?.id,
    unfinished: (await transaction.operations.unfinished()).map(({ id }) => id),
    ledger: (await transaction.ledger.list()).map(({ placement }) => placement.name),
    outbox: (await transaction.outbox.readAfter(0, 10)).map(({ type }) => type),
    cursor: await transaction.outbox.cursor("consumer"),
  };
}

async function slugs(registry: CentralRegistry): Promise<readonly string[]> {
  return (await collect(registry.store.list())).map(({ slug }) => slug);
}
