import { expect, it } from "vitest";
import { installation } from "./support/installation.ts";
import { journalOf } from "./support/journal-of.ts";
import { codeThrownBy } from "./support/thrown-by.ts";
import { watchedDatabases } from "./support/watched-databases.ts";

const skipGrace = { skipGrace: true } as const;
const bySlug = (value: string) => ({ by: "slug", value });

it("F062: says what it would do, and does it when that plan is given back", async () => {
  const { join, registry } = installation();
  const { tenants } = await join();
  for (const slug of ["acme", "globex", "initech"]) await tenants.create({ slug });
  const meant = [bySlug("acme"), bySlug("globex")];

  const planned = await tenants.purgeAll(meant, skipGrace);
  expect(planned.tenants.map(({ slug }) => slug)).toEqual(["acme", "globex"]);
  expect(planned).toMatchObject({ purged: [], failed: [] });
  expect((await journalOf(registry)).tenants).toHaveLength(3);
  const report = await tenants.purgeAll(meant, { ...skipGrace, plan: planned.plan });

  expect(report.purged).toEqual(planned.tenants.map(({ id }) => id));
  expect(report.failed).toEqual([]);
  expect((await journalOf(registry)).tenants.map(({ slug }) => slug)).toEqual(["initech"]);
});

it.for([
  ["another tenant", { meant: ["acme", "initech"] }],
  ["one tenant less", { meant: ["acme"] }],
  ["another order", { meant: ["globex", "acme"] }],
  ["other options", { options: { dropAdopted: true } }],
  ["a tenant that changed", { change: true }],
] as const)("F062: refuses a plan that was made for %s", async ([_, other]) => {
  const { join, registry } = installation();
  const { tenants } = await join();
  for (const slug of ["acme", "globex", "initech"]) await tenants.create({ slug });
  const { plan } = await tenants.purgeAll([bySlug("acme"), bySlug("globex")], skipGrace);
  if ("change" in other) await tenants.update(bySlug("acme"), { name: "Acme Inc." });

  const meant = "meant" in other ? other.meant : ["acme", "globex"];
  const options = { ...skipGrace, ...("options" in other && other.options), plan };
  const thrown = await codeThrownBy(() => tenants.purgeAll(meant.map(bySlug), options));

  expect(thrown).toBe("PLAN_CHANGED");
  expect((await journalOf(registry)).tenants).toHaveLength(3);
});

it("F062: finds every mistake in a list before anything is changed", async () => {
  const { join, registry } = installation();
  const { tenants } = await join({ maxPurge: 2 });
  const acme = await tenants.create({ slug: "acme" });
  await tenants.create({ slug: "globex" });
  const lists: unknown[] = [
    [],
    "acme",
    [bySlug("acme"), bySlug("globex"), bySlug("initech")],
    [acme.id, acme.id],
    [bySlug("acme"), { by: "id", value: acme.id }],
    [bySlug("acme"), { by: "slug", value: 7 }],
    [bySlug("acme"), bySlug("acme")],
  ];

  for (const list of lists) {
    expect(await codeThrownBy(() => tenants.purgeAll(list as never, skipGrace))).toBe(
      "INVALID_INPUT",
    );
  }
  const unknown = [bySlug("acme"), bySlug("initech")];
  expect(await codeThrownBy(() => tenants.purgeAll(unknown, skipGrace))).toBe("TENANT_NOT_FOUND");
  expect(await codeThrownBy(() => tenants.purgeAll([bySlug("acme")]))).toBe("TENANT_NOT_DELETED");
  expect((await journalOf(registry)).tenants).toHaveLength(2);
});

it("goes on when one tenant cannot be purged, and says which", async () => {
  const { join, databases, registry } = installation();
  const failing = watchedDatabases(databases, {
    before(call, placement) {
      if (call === "drop" && placement?.name.includes("one")) throw new RangeError("in use");
    },
  });
  const { tenants } = await join({ databases: failing });
  await tenants.create({ id: "one", slug: "acme" });
  await tenants.create({ id: "two", slug: "globex" });
  const meant = [bySlug("acme"), bySlug("globex")];

  const { plan } = await tenants.purgeAll(meant, skipGrace);
  const report = await tenants.purgeAll(meant, { ...skipGrace, plan });

  expect(report.purged).toEqual(["two"]);
  expect(report.failed).toMatchObject([
    { tenantId: "one", error: { code: "PROVISIONING_FAILED", step: "drop" } },
  ]);
  expect((await journalOf(registry)).tenants).toMatchObject([{ id: "one", status: "deleting" }]);
});

it("has a limit that is checked when it is configured", async () => {
  const { join } = installation();

  for (const maxPurge of [0, 1.5, 10_001, "5"]) {
    expect(await codeThrownBy(() => join({ maxPurge: maxPurge as number }))).toBe(
      "INVALID_CONFIGURATION",
    );
  }
});
