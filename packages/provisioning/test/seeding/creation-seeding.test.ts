import { expect, it } from "vitest";
import { codeThrownBy } from "../support/thrown-by.ts";
import { counting, startSeeding } from "./start-seeding.ts";

const both = { plans: counting("plans"), demo: counting("demo") };

it("S032, C048: a creation makes the database, migrates it and seeds it, and then runs your own steps", async () => {
  const ran: string[] = [];
  const own = { name: "settings", run: async () => void ran.push("settings") };
  const creation = { seeders: ["plans"], database: [own] };
  const { tenancy, rows } = await startSeeding(both, { creation });
  const steps: string[] = [];
  tenancy.events.on("operationProgress", ({ step }) => void steps.push(step));

  const acme = await tenancy.tenants.create({ slug: "acme" });
  const plain = await tenancy.tenants.create({ slug: "plain", database: false });

  const whole = "database migrate seed settings verify activate".split(" ");
  expect(steps.slice(0, whole.length)).toEqual(whole);
  expect(Object.fromEntries(rows(acme))).toEqual({ plans: 1 });
  expect(plain.status).toBe("active");
  expect(ran).toEqual(["settings"]);
});

it("F066: a tenant whose seeder fails is never active, and is seeded by the repeated call", async () => {
  let broken = true;
  const brittle = () => {
    if (broken) throw new RangeError("a bad row");
  };
  const seeders = { plans: counting("plans"), brittle };
  const { tenancy, rows, registry } = await startSeeding(seeders, { creation: { seeders: true } });
  const input = { slug: "acme", idempotencyKey: "sign-up-1" };

  const thrown = await codeThrownBy(() => tenancy.tenants.create(input));
  const during = await registry.store.find({ by: "slug", value: "acme" });
  broken = false;
  const acme = await tenancy.tenants.create(input);

  expect(thrown).toBe("PROVISIONING_FAILED");
  expect(during?.status).toBe("failed");
  expect(acme.status).toBe("active");
  expect(Object.fromEntries(rows(acme))).toEqual({ plans: 1 });
});

it("C115: pending tenants are seeded in the pool, or when they are pulled", async () => {
  for (const database of [true, false]) {
    const pending = { steps: { database } };
    const options = { creation: { seeders: true as const }, pending };
    const { tenancy, rows, registry } = await startSeeding(both, options);
    const [id = ""] = await tenancy.tenants.pending.fill(1);
    const spare = await registry.store.find({ by: "id", value: id });
    const inPool = rows(spare as never).size;

    const acme = await tenancy.tenants.pending.pull({ slug: "acme" });

    expect(inPool).toBe(database ? 2 : 0);
    expect(Object.fromEntries(rows(acme))).toEqual({ plans: 1, demo: 1 });
  }
});

it("seeders that there are not are told when the tenancy is made", async () => {
  const code = (seeders: unknown) =>
    codeThrownBy(() => startSeeding(both, { creation: { seeders: seeders as never } }));

  expect(await code(["plan"])).toBe("INVALID_CONFIGURATION");
  expect(await code("plans")).toBe("INVALID_CONFIGURATION");
  expect(await codeThrownBy(() => startSeeding(undefined, { creation: { seeders: true } }))).toBe(
    "INVALID_CONFIGURATION",
  );
});
