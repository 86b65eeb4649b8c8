import type { NewTenant } from "@af-tenancy/core";
import { defineCommand } from "../../command/define-command.ts";
import { duration, list, text, whole } from "../../command/flags.ts";
import { definedOnly } from "../../tenants/defined-only.ts";
import { visitFleet } from "../../tenants/visit-fleet.ts";

/** `tenant test create`: makes many tenants for tests at once, marked so that they can be told from real ones. */
export const testCreate = defineCommand({
  path: "tenant test create",
  kind: "changes",
  arguments: { count: "required" },
  flags: {
    slugs: text("PATTERN"),
    domains: text("PATTERN"),
    plan: text("NAME"),
    seed: list("SEEDER,..."),
    for: duration("TIME"),
    processes: whole("NUMBER", 1),
  },
  examples: [
    "tenant test create 20 --domains '{slug}.test.example.com' --seed demo --for 2h",
    "tenant test create 5 --slugs 'load-{n}' --processes 4 --json",
  ],
  exits: [0, 1, 2, 3, 130],
  output: "fleet",
  texts: {
    en: {
      brief: "Makes many tenants for tests at once",
      description:
        "They are marked in their metadata (`test`), and only such are removed by `tenant test delete`.\nA slug that is taken is passed over, so that a call may be repeated for more.",
      arguments: { count: "How many" },
      flags: {
        slugs: "Their slugs, with {n} for a number; test-{n} when absent",
        domains: "A domain for each, with {slug} or {n} in it",
        plan: "A plan of your application",
        seed: "Seeders that are run in each",
        for: "How long they are needed; `tenant test delete --over` removes them after that",
        processes: "How many at a time; 4 when absent",
      },
      dryRun: "The slugs that would be made",
      pattern: "it has no {n} in it",
    },
    de: {
      brief: "Legt viele Mandanten für Tests auf einmal an",
      description:
        "Sie sind in ihren Angaben gekennzeichnet (`test`), und nur solche entfernt `tenant test delete`.\nEin vergebenes Kürzel wird übergangen, so dass ein zweiter Aufruf weitere anlegt.",
      arguments: { count: "Wie viele" },
      flags: {
        slugs: "Ihre Kürzel, mit {n} für eine Zahl; ohne Angabe test-{n}",
        domains: "Eine Domain für jeden, mit {slug} oder {n} darin",
        plan: "Ein Tarif Ihrer Anwendung",
        seed: "Seeder, die in jedem laufen",
        for: "Wie lange sie gebraucht werden; `tenant test delete --over` entfernt sie danach",
        processes: "Wie viele zugleich; ohne Angabe 4",
      },
      dryRun: "Die Kürzel, die angelegt würden",
      pattern: "es enthält kein {n}",
    },
  },
  async run(session, { count: given, slugs = "test-{n}", processes = 4, ...input }) {
    const { texts, catalogue, refuse } = session;
    const { badValue } = catalogue.refusals;
    if (!/^[1-9]\d{0,3}$/.test(given)) refuse(badValue("<count>", given, catalogue.rules.whole));
    if (!slugs.includes("{n}")) refuse(badValue("--slugs", slugs, texts.pattern));
    const { tenancy, actor, databases } = await session.application();
    const known = databases?.seeding?.names ?? [];
    const unknown = input.seed?.find((name) => !known.includes(name));
    if (unknown !== undefined) {
      const { UnknownSeederError } = await import("@af-tenancy/core");
      throw new UnknownSeederError(unknown, known);
    }
    const wanted: NewTenant[] = [];
    const until = input.for === undefined ? undefined : Date.now() + input.for;
    for (let n = 1; wanted.length < Number(given); n++) {
      const slug = slugs.replaceAll("{n}", String(n));
      if ((await tenancy.find({ by: "slug", value: slug })) !== undefined) continue;
      const domain = input.domains?.replaceAll("{n}", String(n)).replaceAll("{slug}", slug);
      wanted.push({
        slug,
        ...definedOnly({ plan: input.plan, domains: domain === undefined ? undefined : [domain] }),
        metadata: { test: { until: until ?? null } },
      });
      if (wanted.length === 1) await tenancy.tenants.rehearse(wanted[0] as NewTenant);
    }
    const { seed } = input;
    return visitFleet(session, wanted, {
      ...{ processes, skipFailing: true },
      visit: (tenant) =>
        tenancy.central(
          async () => {
            const { id } = await tenancy.tenants.create(tenant);
            if (seed === undefined) return { id };
            const tenants = [{ by: "id", value: id }];
            const report = await tenancy.tenants.seeding.run({ tenants, seeders: seed });
            const [seeded] = report.tenants;
            if (seeded?.failure === undefined) return { id };
            const { TurnFailedError } = await import("../../errors.ts");
            throw new TurnFailedError(seeded.failure.message);
          },
          { actor },
        ),
    });
  },
});
