import { memoryDatabases, type OperationStep } from "@af-tenancy/core";
import { describe, expect, it } from "vitest";
import { onlyPending, type PendingOptions } from "../../src/index.ts";
import { installation } from "../support/installation.ts";
import { journalOf } from "../support/journal-of.ts";
import { codeThrownBy } from "../support/thrown-by.ts";
import { watchedDatabases } from "../support/watched-databases.ts";
import { listedSlugs, seeing } from "./support.ts";

describe("filling", () => {
  it("C109: makes pending tenants, which nobody finds who does not ask for them", async () => {
    const { join: enter, registry } = installation();
    const tenancy = await enter();
    await tenancy.tenants.create({ slug: "acme" });

    const made = await tenancy.tenants.pending.fill(3);

    expect(await tenancy.tenants.pending.count()).toBe(3);
    expect(await listedSlugs(tenancy, onlyPending())).toEqual(made.map(() => "pending"));
    expect(await listedSlugs(tenancy)).toEqual(["acme"]);
    const { tenants, ledger, unfinished } = await journalOf(registry);
    const pending = tenants.filter(({ status }) => status === "pending");
    expect(pending.every(({ slug }) => /^pending-[\da-f]{24}$/.test(slug))).toBe(true);
    expect(ledger.map(({ state }) => state)).toEqual(["ready", "ready", "ready", "ready"]);
    expect(unfinished).toEqual([]);
  });

  it("C114: counts what is there, and adds what is missing only", async () => {
    const { join: enter } = installation();
    const { pending } = (await enter()).tenants;

    const first = await pending.fill(2);
    const none = await pending.fill(1);
    const second = await pending.fill(3);

    expect([first.length, none, second.length]).toEqual([2, [], 1]);
    expect(await pending.count()).toBe(3);
  });

  it.each([-1, 1.5, 10_001, "3", Number.NaN])("refuses a count of %s", async (count) => {
    const { join: enter } = installation();
    const { pending } = (await enter()).tenants;

    expect(await codeThrownBy(() => pending.fill(count as number))).toBe("INVALID_INPUT");
  });

  it("does not grow in number while it fails again and again, and goes on when it can", async () => {
    const { join: enter, registry } = installation();
    let broken = true;
    const seed: OperationStep = {
      name: "seed",
      async run() {
        if (broken) throw new RangeError("a bad row");
      },
    };
    const { pending } = (await enter({ creation: { database: [seed] } })).tenants;

    const codes = [];
    for (let call = 0; call < 3; call += 1) codes.push(await codeThrownBy(() => pending.fill(1)));
    const during = await journalOf(registry);
    broken = false;
    const made = await pending.fill(1);

    expect(codes).toEqual(["PROVISIONING_FAILED", undefined, undefined]);
    expect(during.tenants).toMatchObject([{ status: "failed" }]);
    expect(made).toEqual([during.tenants[0]?.id]);
    expect((await journalOf(registry)).tenants).toMatchObject([{ status: "pending" }]);
  });

  it("C115: its steps see that it is pending, and are run as the flags say", async () => {
    const seen: string[] = [];
    const steps = (pending?: PendingOptions) => ({
      creation: { database: [seeing("seed", seen)], tenant: [seeing("welcome", seen)] },
      ...(pending && { pending }),
    });
    const run = async (options: PendingOptions | undefined) => {
      seen.length = 0;
      const { join: enter, registry } = installation();
      const calls: string[] = [];
      const databases = watchedDatabases(memoryDatabases(), {
        before: (call) => void calls.push(call),
      });
      const tenancy = await enter({ ...steps(options), databases });
      await tenancy.tenants.pending.fill(1);
      const [before, called] = [[...seen], [...calls]];
      await tenancy.tenants.pending.pull({ slug: "acme" });
      const { tenants, ledger, unfinished } = await journalOf(registry);
      expect(tenants).toMatchObject([{ slug: "acme", status: "active" }]);
      expect([ledger.map(({ state }) => state), unfinished]).toEqual([["ready"], []]);
      return [called, before, calls.slice(called.length), seen.slice(before.length)];
    };

    expect(await run(undefined)).toEqual([
      ["create", "migrate", "verify"],
      ["seed create-pending pending"],
      [],
      ["welcome create acme"],
    ]);
    expect(await run({ steps: { tenant: true } })).toEqual([
      ["create", "migrate", "verify"],
      ["seed create-pending pending", "welcome create-pending pending"],
      [],
      [],
    ]);
    expect(await run({ steps: { database: false } })).toEqual([
      ["create", "migrate", "verify"],
      [],
      [],
      ["seed create acme", "welcome create acme"],
    ]);
    expect(await run({ steps: { migrate: false } })).toEqual([
      ["create"],
      [],
      ["migrate", "verify"],
      ["seed create acme", "welcome create acme"],
    ]);
  });

  it("C115: a tenant of an older configuration gets at its pull what it lacks by now", async () => {
    const { join: enter } = installation();
    const ran: string[] = [];
    await (await enter()).tenants.pending.fill(1);
    const newer = await enter({ creation: { database: [seeing("seed", ran)] } });

    const acme = await newer.tenants.pending.pull({ slug: "acme" });

    expect(acme.status).toBe("active");
    expect(ran).toEqual(["seed create acme"]);
  });

  it("C116: has the attributes that a function gives, until it is pulled", async () => {
    const { join: enter, registry } = installation();
    let number = 0;
    const attributes = () => ({ name: "Spare", plan: "trial", metadata: { desk: ++number } });
    const { pending } = (await enter({ pending: { attributes } })).tenants;

    await pending.fill(2);
    const spares = (await journalOf(registry)).tenants;
    const acme = await pending.pull({ slug: "acme" });
    const globex = await pending.pull({ slug: "globex", plan: "gold", metadata: { desk: 9 } });

    expect(spares).toMatchObject([1, 2].map(() => ({ name: "Spare", plan: "trial" })));
    expect(spares.map(({ metadata }) => metadata.desk).sort()).toEqual([1, 2]);
    expect(acme).toMatchObject({
      name: "acme",
      plan: "trial",
      metadata: { desk: expect.any(Number) },
    });
    expect(globex).toMatchObject({ name: "globex", plan: "gold", metadata: { desk: 9 } });
  });

  it("C116: refuses attributes that are for a pull", async () => {
    const { join: enter, registry } = installation();
    const attributes = () => ({ slug: "acme" }) as object;
    const { pending } = (await enter({ pending: { attributes } })).tenants;

    expect(await codeThrownBy(() => pending.fill(1))).toBe("INVALID_INPUT");
    expect((await journalOf(registry)).tenants).toEqual([]);
  });
});
