import { expect, it } from "vitest";
import { acme, globex } from "../fixtures/tenant-record.ts";
import { codeOf, rejectionCode } from "../suite/code-of.ts";
import { outcomes } from "../suite/outcomes.ts";
import type { MakeRegistry } from "./central-registry-harness.ts";
import { newOperation } from "./new-operation.ts";
import { withTenants } from "./with-tenants.ts";

/** Checks how the journal opens, finds and ends operations. */
export function operationTests(makeEmpty: MakeRegistry): void {
  const make = (...slugs: string[]) => withTenants(makeEmpty, slugs);

  it("writes an intent that nobody works on yet", async () => {
    const registry = await make();
    const input = { plan: "gold", seats: 3, notes: ["ä", null, { deep: true }] };
    const operation = newOperation({
      ...{ idempotencyKey: "key-1", generation: 4, input, actor: "user:7" },
    });

    const opened = await registry.transaction(({ operations }) => operations.open(operation));

    expect(opened).toEqual({
      ...operation,
      state: "running",
      done: [],
      attempt: 0,
      leaseOwner: undefined,
      leaseUntil: undefined,
      error: undefined,
      startedAt: expect.any(Number),
      updatedAt: expect.any(Number),
    });
    expect(opened.startedAt).toBeGreaterThan(1_600_000_000_000);
    expect(opened.updatedAt).toBeGreaterThanOrEqual(opened.startedAt);
  });

  it("takes the lease of an operation together with its intent, as its first attempt", async () => {
    const registry = await make();
    const lease = { owner: "worker", leaseMs: 60_000 };

    const opened = await registry.transaction(({ operations }) =>
      operations.open(newOperation(), lease),
    );
    const claims = await registry.transaction(async ({ operations }) => [
      await operations.claim("operation-1", "another", 60_000),
      (await operations.claim("operation-1", "worker", 60_000))?.attempt,
    ]);

    expect(opened).toMatchObject({ state: "running", attempt: 1, leaseOwner: "worker" });
    expect(Math.round(((opened.leaseUntil ?? 0) - opened.startedAt) / 1_000)).toBe(60);
    expect(claims).toEqual([undefined, 1]);
  });

  it("finds an operation by id and by idempotency key", async () => {
    const registry = await make();
    const opened = await registry.transaction(({ operations }) =>
      operations.open(newOperation({ idempotencyKey: "key-1" })),
    );

    const found = await registry.transaction(async ({ operations }) => [
      await operations.find({ id: "operation-1" }),
      await operations.find({ idempotencyKey: "key-1" }),
      await operations.find({ id: "key-1" }),
      await operations.find({ idempotencyKey: "KEY-1" }),
      await operations.find({ idempotencyKey: "operation-1" }),
    ]);

    expect(found).toEqual([opened, opened, undefined, undefined, undefined]);
  });

  it("refuses a second operation while the tenant has an open one", async () => {
    const registry = await make();
    await registry.transaction(({ operations }) => operations.open(newOperation()));

    const second = registry.transaction(({ operations }) =>
      operations.open(newOperation({ id: "operation-2", kind: "delete" })),
    );

    expect(await rejectionCode(second)).toBe("OPERATION_IN_FLIGHT");
    const other = await registry.transaction(({ operations }) =>
      operations.open(newOperation({ id: "operation-2", tenantId: globex().id })),
    );
    expect(other.tenantId).toBe(globex().id);
  });

  it("lets exactly one of racing operations in", async () => {
    const registry = await make();
    const ids = Array.from({ length: 8 }, (_, index) => `operation-${index}`);

    const { values, errors } = await outcomes(
      ids.map(
        (id) => () =>
          registry.transaction(({ operations }) => operations.open(newOperation({ id }))),
      ),
    );

    expect(values).toHaveLength(1);
    expect(errors.map(codeOf)).toEqual(Array(7).fill("OPERATION_IN_FLIGHT"));
  });

  it("counts a failed operation as open, a done or discarded one as over", async () => {
    const registry = await make();
    const next = (id: string) =>
      registry.transaction(({ operations }) => operations.open(newOperation({ id })));
    const end = (id: string, state: "failed" | "done" | "discarded") =>
      registry.transaction(async ({ operations }) => {
        await operations.claim(id, "worker", 60_000);
        await operations.save(id, "worker", { state });
      });

    await next("operation-1");
    await end("operation-1", "failed");
    expect(await rejectionCode(next("operation-2"))).toBe("OPERATION_IN_FLIGHT");
    await end("operation-1", "discarded");
    await next("operation-2");
    await end("operation-2", "done");

    expect((await next("operation-3")).id).toBe("operation-3");
  });

  it("never takes an idempotency key a second time, even after its operation is over", async () => {
    const registry = await make();
    const open = (id: string, tenantId: string) =>
      registry.transaction(({ operations }) =>
        operations.open(newOperation({ id, tenantId, idempotencyKey: "key-1" })),
      );
    await open("operation-1", acme().id);

    const during = await rejectionCode(open("operation-2", globex().id));
    await registry.transaction(async ({ operations }) => {
      await operations.claim("operation-1", "worker", 60_000);
      await operations.save("operation-1", "worker", { state: "done" });
    });
    const after = await rejectionCode(open("operation-3", globex().id));

    expect([during, after]).toEqual(["IDEMPOTENCY_CONFLICT", "IDEMPOTENCY_CONFLICT"]);
  });

  it("gives the unfinished operations, oldest first", async () => {
    const registry = await make("b", "a", "d", "c");
    for (const slug of ["b", "a", "d", "c"]) {
      await registry.transaction(({ operations }) =>
        operations.open(newOperation({ id: `operation-${slug}`, tenantId: `tenant-${slug}` })),
      );
    }
    await registry.transaction(async ({ operations }) => {
      for (const [slug, state] of [
        ["a", "done"],
        ["d", "failed"],
        ["c", "discarded"],
      ] as const) {
        await operations.claim(`operation-${slug}`, "worker", 60_000);
        await operations.save(`operation-${slug}`, "worker", { state });
      }
    });

    const unfinished = await registry.transaction(({ operations }) => operations.unfinished());

    expect(unfinished.map(({ id }) => id)).toEqual(["operation-b", "operation-d"]);
  });
}
