import type { OperationContext, OperationDefinition } from "@af-tenancy/core";
import { describe, expect, it } from "vitest";
import { gate } from "./support/gate.ts";
import { installation } from "./support/installation.ts";
import { journalOf } from "./support/journal-of.ts";
import { codeThrownBy, thrownBy } from "./support/thrown-by.ts";

/** An operation whose steps are the given functions. */
function operation(
  kind: string,
  steps: Record<string, (context: OperationContext) => Promise<void> | void>,
): OperationDefinition {
  return {
    kind,
    steps: Object.entries(steps).map(([name, step]) => ({
      name,
      run: async (context) => step(context),
    })),
  };
}

describe("run", () => {
  it("runs the steps in order, journals them, and gives the operation that is done", async () => {
    const { join, registry } = installation();
    const seen: unknown[] = [];
    const backup = operation("backup", {
      copy: ({ tenant, operation: one }) => void seen.push(["copy", tenant.slug, one.done]),
      check: ({ operation: one }) => void seen.push(["check", one.input, one.done]),
    });
    const { tenants } = await join({ operations: [backup] });
    const { id } = await tenants.create({ slug: "acme" });

    const done = await tenants.run("backup", id, { to: "s3" });

    expect(seen).toEqual([
      ["copy", "acme", []],
      ["check", { to: "s3" }, ["copy"]],
    ]);
    expect(done).toMatchObject({
      kind: "backup",
      tenantId: id,
      generation: 1,
      state: "done",
      done: ["copy", "check"],
      attempt: 1,
    });
    expect((await journalOf(registry)).unfinished).toEqual([]);
    expect((await tenants.run("backup", id, null)).id).not.toBe(done.id);
  });

  it("gives each step what it needs, the tenant read anew", async () => {
    const { join, registry } = installation();
    const contexts: OperationContext[] = [];
    const rename = operation("rename-notes", {
      async first(context) {
        contexts.push(context);
        const { id, version } = context.tenant;
        await context.registry.transaction(({ tenants }) =>
          tenants.update(id, version, { name: "New" }),
        );
      },
      second: (context) => void contexts.push(context),
    });
    const tenancy = await join({ operations: [rename] });
    const { id } = await tenancy.tenants.create({ slug: "acme" });

    await tenancy.tenants.run("rename-notes", id, {});

    const [first, second] = contexts;
    expect(first?.tenant.name).toBe("acme");
    expect(second?.tenant).toMatchObject({ name: "New", version: 3 });
    expect(first?.registry.store).toBe(registry.store);
    expect(first?.databases.place("x", 1)).toMatchObject({ driver: "memory" });
    expect(first?.signal.aborted).toBe(false);
  });

  it("tells of progress, and not that a tenant was created", async () => {
    const { join } = installation();
    const tenancy = await join({ operations: [operation("noop", { rest: () => undefined })] });
    const { id } = await tenancy.tenants.create({ slug: "acme" });
    const told: unknown[] = [];
    tenancy.events.on("operationProgress", ({ step, position, steps }) => {
      told.push([step, position, steps]);
    });
    tenancy.events.on("tenantCreated", () => void told.push("created"));

    await tenancy.tenants.run("noop", id, {});

    expect(told).toEqual([["rest", 1, 1]]);
  });

  it("refuses a second operation while one is open", async () => {
    const { join } = installation();
    const [reached, goOn] = [gate(), gate()];
    const slow = operation("slow", {
      async rest() {
        reached.open();
        await goOn.opened;
      },
    });
    const { tenants } = await join({ operations: [slow] });
    const { id } = await tenants.create({ slug: "acme" });
    const running = tenants.run("slow", id, {});
    await reached.opened;

    const thrown = await codeThrownBy(() => tenants.run("slow", id, {}));

    expect(thrown).toBe("OPERATION_IN_FLIGHT");
    goOn.open();
    expect((await running).state).toBe("done");
  });

  it.each([
    ["an unknown kind", ["delete", "acme-1", {}], "UNKNOWN_OPERATION"],
    ["a kind that an object inherits", ["constructor", "acme-1", {}], "UNKNOWN_OPERATION"],
    ["create", ["create", "acme-1", {}], "INVALID_INPUT"],
    ["an unknown tenant", ["noop", "nobody", {}], "TENANT_NOT_FOUND"],
    ["a reference to nobody", ["noop", { by: "slug", value: "a/b" }, {}], "TENANT_NOT_FOUND"],
    ["what names no tenant", ["noop", 7, {}], "INVALID_TENANT"],
    ["input that is no JSON", ["noop", "acme-1", { at: new Date(0) }], "INVALID_INPUT"],
    ["no input", ["noop", "acme-1", undefined], "INVALID_INPUT"],
  ])("refuses %s, and writes nothing", async (_what, [kind, id, input], code) => {
    const { join, registry } = installation();
    const { tenants } = await join({ operations: [operation("noop", { rest: () => undefined })] });
    await tenants.create({ slug: "acme", id: "acme-1" });

    const thrown = await codeThrownBy(() =>
      tenants.run(kind as string, id as string, input as string),
    );

    expect(thrown).toBe(code);
    expect((await journalOf(registry)).unfinished).toEqual([]);
  });

  it("leaves the tenant as it is when a step fails, and repair continues at that step", async () => {
    const { join, registry } = installation();
    const calls: string[] = [];
    let isDown = true;
    const flaky = operation("flaky", {
      one: () => void calls.push("one"),
      two() {
        calls.push("two");
        if (isDown) throw new TypeError("down");
      },
    });
    const { tenants } = await join({ operations: [flaky] });
    const acme = await tenants.create({ slug: "acme" });
    const thrown = await thrownBy(() => tenants.run("flaky", acme.id, {}));
    const during = await journalOf(registry);
    isDown = false;

    const report = await tenants.repair();

    expect(thrown).toMatchObject({ code: "PROVISIONING_FAILED", step: "two" });
    expect(during.tenants).toEqual([acme]);
    expect(during.unfinished).toMatchObject([{ state: "failed", done: ["one"] }]);
    expect(calls).toEqual(["one", "two", "two"]);
    expect(report.finished).toMatchObject([
      { kind: "flaky", state: "done", generation: 1, attempt: 2, error: undefined },
    ]);
    expect((await journalOf(registry)).tenants).toEqual([acme]);
  });

  it("is continued by repair only where the kind is registered", async () => {
    const { join, registry, clock } = installation();
    const reached = gate();
    const hanging = operation("hang", {
      async rest() {
        reached.open();
        await gate().opened;
      },
    });
    const dead = await join({ operations: [hanging], clock: installation().clock });
    const { id } = await dead.tenants.create({ slug: "acme" });
    void dead.tenants.run("hang", id, {}).catch(() => undefined);
    await reached.opened;
    const alive = await (await join()).tenants.repair();
    await clock.advance(10_000);
    const before = await journalOf(registry);

    const elsewhere = await (await join()).tenants.repair();
    const here = await (
      await join({ operations: [operation("hang", { rest: () => undefined })] })
    ).tenants.repair();

    expect(alive).toEqual({ finished: [], failed: [], swept: [] });
    expect(elsewhere).toMatchObject({
      finished: [],
      failed: [{ kind: "hang", error: expect.stringContaining("UNKNOWN_OPERATION") }],
    });
    expect(before.unfinished).toHaveLength(1);
    expect(here).toMatchObject({ finished: [{ kind: "hang", state: "done" }], failed: [] });
  });

  it("gives up no database that was ready when its tenant was removed meanwhile", async () => {
    const { join, registry } = installation();
    const broken = operation("broken", {
      one() {
        throw new TypeError("down");
      },
    });
    const { tenants } = await join({ operations: [broken] });
    const { id, version } = await tenants.create({ slug: "acme" });
    await thrownBy(() => tenants.run("broken", id, {}));
    await registry.transaction((one) => one.tenants.remove(id, version));

    const report = await tenants.repair();

    expect(report).toMatchObject({ finished: [{ state: "discarded" }], swept: [] });
    expect((await journalOf(registry)).ledger).toMatchObject([{ state: "ready" }]);
  });

  it("is done when a newer version of the operation has no step left to do", async () => {
    const { join, registry } = installation();
    const long = operation("shrink", {
      one: () => undefined,
      two() {
        throw new TypeError("down");
      },
    });
    const old = await join({ operations: [long] });
    const { id } = await old.tenants.create({ slug: "acme" });
    await thrownBy(() => old.tenants.run("shrink", id, {}));
    const newer = await join({ operations: [operation("shrink", { one: () => undefined })] });

    const report = await newer.tenants.repair();

    expect(report.finished).toMatchObject([{ state: "done", done: ["one"] }]);
    expect((await journalOf(registry)).unfinished).toEqual([]);
  });
});
