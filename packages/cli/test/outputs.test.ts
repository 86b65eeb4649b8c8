import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { z } from "zod";
import { outputs } from "../src/outputs/outputs.ts";
import { config } from "./support/application.ts";
import { applicationHere, jsonHere } from "./support/run-here.ts";

/** Milliseconds for two dozen commands where the machine is busy. */
const patient = 180_000;

const changed = z.object({
  tenants: z.array(z.object({ status: z.string() })),
  changes: z.array(z.unknown()),
});

it(
  "S061 S067: a tenant's whole life is told as its schemas say, and a dry run changes nothing of it",
  async () => {
    const folder = await applicationHere();
    const tell = (argv: string) => jsonHere(argv.split(" "), folder);
    const steps: [argv: string, status: string][] = [
      ["tenant create acme --domain acme.example.com --plan gold --homepage", "active"],
      [
        "tenant update acme --without-plan --expires 2090-01-31 --access read-only --name Acme",
        "active",
      ],
      ["tenant rename acme acme-europe", "active"],
      ["tenant suspend acme-europe --grace 3d --reason unpaid", "suspended"],
      ["tenant activate acme-europe", "active"],
      ["tenant archive acme-europe", "archived"],
      ["tenant activate acme-europe", "active"],
      ["tenant delete acme-europe --yes --grace 1d", "deleted"],
      ["tenant restore acme-europe", "active"],
    ];

    await tell("tenant list");
    for (const [argv, status] of steps) {
      const before = registryOf(folder);
      const rehearsal = outputs.change.parse(await tell(`${argv} --dry-run`));
      expect(rehearsal).toMatchObject({ dryRun: true });
      expect(changed.parse(rehearsal).changes, argv).not.toEqual([]);
      expect(registryOf(folder), argv).toEqual(before);

      const done = outputs.change.parse(await tell(argv));
      expect(done).toMatchObject({ dryRun: false });
      expect(changed.parse(done), argv).toMatchObject({ tenants: [{ status }] });
    }
    for (const how of ["", " --dry-run"]) {
      expect(await tell(`tenant restore acme-europe${how}`), how).toMatchObject({ changes: [] });
    }
    expect(await tell("tenant update acme-europe --expires 2090-02-31")).toMatchObject({ code: 2 });
    expect(await tell("tenant update acme-europe --expires 2091-01-31")).toMatchObject({
      changes: [
        {
          what: "expiresAt",
          from: "2090-01-31T00:00:00.000Z",
          to: "2091-01-31T00:00:00.000Z",
        },
      ],
    });
    expect(outputs.tenant.parse(await tell("tenant show Acme.Example.com."))).toMatchObject({
      tenant: { slug: "acme-europe", name: "Acme", plan: null, access: "read-only" },
      domains: [{ name: "acme.example.com", primary: true }],
      history: expect.arrayContaining([
        expect.objectContaining({ action: "tenant.suspended", reason: "unpaid" }),
      ]),
    });
    expect(outputs.status.parse(await tell("tenant status acme.example.com"))).toMatchObject({
      served: true,
      refusal: null,
      operation: null,
    });
  },
  patient,
);

it(
  "S061 S067: domains, the pool and maintenance are told as their schemas say, and a dry run changes nothing",
  async () => {
    const folder = await applicationHere();
    const tell = (argv: string) => jsonHere(argv.split(" "), folder);
    await tell("tenant create acme --domain acme.example.com");
    await tell("tenant create globex");
    const steps: [argv: string, output: "change" | "fleet" | "stock", done: object][] = [
      [
        "tenant domain add acme b.example.com c.example.com",
        "change",
        { changes: [{ what: "domains" }] },
      ],
      ["tenant domain primary acme c.example.com", "change", {}],
      ["tenant domain remove acme acme.example.com", "change", {}],
      [
        "tenant pending fill 2",
        "stock",
        { before: 0, after: 2, made: [expect.any(String), expect.any(String)] },
      ],
      ["tenant pending clear --yes", "stock", { before: 2, after: 0, failed: [] }],
      [
        "tenant maintenance on --tenants acme --retry-after 10m --until 2090-01-31",
        "fleet",
        { tenants: [{ tenant: "acme", state: "done" }] },
      ],
      ["tenant maintenance off", "fleet", { tenants: [{ tenant: "acme", state: "done" }] }],
    ];

    for (const [argv, output, done] of steps) {
      const before = registryOf(folder);
      expect(outputs[output].parse(await tell(`${argv} --dry-run`)), argv).toMatchObject({
        dryRun: true,
      });
      expect(registryOf(folder), argv).toEqual(before);

      expect(outputs[output].parse(await tell(argv)), argv).toMatchObject({
        dryRun: false,
        ...done,
      });
      expect(registryOf(folder), argv).not.toEqual(before);
    }
    expect(outputs.domains.parse(await tell("tenant domain list acme"))).toMatchObject({
      domains: [{ name: "c.example.com", primary: true }, { name: "b.example.com" }],
    });
    expect(outputs.tenants.parse(await tell("tenant pending list"))).toEqual({
      tenants: [],
      more: false,
    });
    expect(outputs.tenants.parse(await tell("tenant maintenance status"))).toMatchObject({
      tenants: [],
    });
    for (const refused of [
      "tenant domain remove acme x.example.com",
      "tenant maintenance on",
      "tenant maintenance on --tenants acme --allow 999.1.1.1",
      "tenant maintenance on --tenants acme --allow 999.1.1.1 --dry-run",
      "tenant maintenance on --tenants acme --from 2090-02-01 --until 2090-01-31",
      "tenant maintenance on --tenants acme --until 2020-01-31",
      "tenant maintenance on --tenants acme --from 2020-01-30 --until 2020-01-31 --dry-run",
      "tenant maintenance on --tenants acme --retry-after 366d",
      "tenant maintenance on --tenants acme --message= --dry-run",
      "tenant maintenance on --tenants acme --secret-from NOT_SET --dry-run",
      "tenant pending clear",
      "tenant pending fill many",
    ]) {
      expect(await tell(refused), refused).toMatchObject({ code: 2 });
    }
  },
  patient,
);

it("S061: a copy and an adopted database are told beforehand as they are done, refused for the same", async () => {
  const folder = await applicationHere();
  const tell = (argv: string) => jsonHere(argv.split(" "), folder);
  await tell("tenant create acme --domain acme.example.com");
  const old = new DatabaseSync(join(folder, "data/old.sqlite"));
  old.exec("create table `note` (`id` integer primary key, `text` text not null)");
  old.exec("insert into `note` values (1, 'kept')");
  old.close();

  for (const argv of ["tenant clone acme copy --domain copy.example.com", "tenant adopt old old"]) {
    const before = registryOf(folder);
    expect(outputs.change.parse(await tell(`${argv} --dry-run`)), argv).toMatchObject({
      tenants: [],
    });
    expect(registryOf(folder), argv).toEqual(before);
    const done = await tell(argv);
    expect(outputs.change.parse(done), argv).toMatchObject({
      tenants: [{ status: "active" }],
      steps: expect.arrayContaining([expect.objectContaining({ step: "activate" })]),
    });
  }
  await tell("tenant suspend copy");
  for (const [argv, code] of [
    ["tenant clone acme acme", "SLUG_TAKEN"],
    ["tenant clone copy other", "TENANT_NOT_CLONABLE"],
    ["tenant adopt again old", "DATABASE_OWNED"],
    ["tenant adopt again nowhere", "INVALID_INPUT"],
  ]) {
    for (const how of ["", " --dry-run"]) {
      expect(await tell(argv + how), argv + how).toMatchObject({ error: { error: { code } } });
    }
  }
});

it("S062 S068: tenants for tests are made in numbers with a pattern and seeds, and removed without touching others", async () => {
  const seeded = config().replace(
    "entities: [Note]",
    "entities: [Note], seeders: { demo: async ({ em }) => void (await em.insertMany(Note, [{ id: 1, text: 'Hello' }])) }",
  );
  const folder = await applicationHere({ "tenancy.config.ts": seeded, "count.mjs": count });
  const tell = (argv: string) => jsonHere(argv.split(" "), folder);
  const slugs = async () =>
    outputs.tenants.parse(await tell("tenant list --all")) as { tenants: { slug: string }[] };
  await tell("tenant create test-2");

  const made = await tell(
    "tenant test create 3 --domains {slug}.test.example.com --seed demo --for 1s",
  );
  const unseeded = await tell("tenant test create 1 --slugs none-{n} --seed demo --seed nope");
  const kept = await tell("tenant test create 1 --slugs load-{n}");
  const rows = await tell("tenant run count.mjs --tenants test-1,test-3,test-4");
  const rehearsed = await tell("tenant test delete --dry-run");
  await sleep(1_100);
  const over = await tell("tenant test delete --over --yes");

  expect(outputs.fleet.parse(made)).toMatchObject({
    tenants: ["test-1", "test-3", "test-4"].map((tenant) => ({ tenant, state: "done" })),
  });
  expect(rows).toMatchObject({
    tenants: [{ result: { rows: 1 } }, { result: { rows: 1 } }, { result: { rows: 1 } }],
  });
  expect(unseeded).toMatchObject({ code: 2, error: { error: { code: "UNKNOWN_SEEDER" } } });
  expect(kept).toMatchObject({ tenants: [{ tenant: "load-1", state: "done" }] });
  expect(outputs.fleet.parse(rehearsed)).toMatchObject({ dryRun: true });
  expect(over).toMatchObject({
    tenants: [{ state: "done" }, { state: "done" }, { state: "done" }],
  });
  expect((await slugs()).tenants.map(({ slug }) => slug).sort()).toEqual(["load-1", "test-2"]);
});

const count = `
import { DatabaseSync } from "node:sqlite";
import { dirname, join } from "node:path";
export default ({ tenant }) => {
  const file = new DatabaseSync(join(import.meta.dirname, "data", tenant.placement.name + ".sqlite"));
  const [{ rows }] = file.prepare("select count(*) as rows from note").all();
  file.close();
  return { rows };
};
`;

/** Every row of every table of the registry. */
function registryOf(folder: string): ReadonlyMap<string, unknown> {
  const file = new DatabaseSync(join(folder, "data/registry.sqlite"), { readOnly: true });
  const tables = file.prepare("select name from sqlite_master where type = 'table'").all();
  const rows = new Map(
    tables.map(({ name }) => [String(name), file.prepare(`select * from "${name}"`).all()]),
  );
  file.close();
  return rows;
}
