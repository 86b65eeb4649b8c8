import type { AdoptedTenant } from "@af-tenancy/core";
import { defineCommand } from "../../command/define-command.ts";
import { choice, list, text } from "../../command/flags.ts";
import { definedOnly } from "../../tenants/defined-only.ts";
import { makeTenant } from "../../tenants/make-tenant.ts";
import { stoppedCreation } from "../../tenants/stopped-creation.ts";

/** `tenant adopt`: makes a tenant of a database that is there already. */
export const tenantAdopt = defineCommand({
  path: "tenant adopt",
  kind: "changes",
  arguments: { slug: "required", database: "required" },
  flags: {
    name: text("TEXT"),
    domain: list("HOST,..."),
    plan: text("NAME"),
    id: text("ID"),
    driver: text("NAME"),
    strategy: choice(["database", "schema"]),
    server: text("NAME"),
    key: text("TEXT"),
  },
  examples: [
    "tenant adopt acme acme-2019 --dry-run",
    "tenant adopt acme acme-2019 --key move-acme --json",
  ],
  exits: [0, 1, 2, 4, 130],
  output: "change",
  texts: {
    en: {
      brief: "Makes a tenant of a database that is there already, with all its rows",
      description:
        "It gets an owner marker and the tables that it lacks. A purge keeps it unless --drop-adopted says otherwise.",
      arguments: {
        slug: "The slug of the tenant",
        database: "The physical name of the database, schema or file",
      },
      flags: {
        name: "What people read; the slug when absent",
        domain: "Host names that lead to it at once, the first one primary",
        plan: "A plan of your application",
        id: "Its id; generated when absent, and that of the marker where a registry was lost",
        driver: "Where the database is: the driver",
        strategy: "Whether it is a database or a schema",
        server: "Which of the configured servers it is on",
        key: "Makes the call repeatable",
      },
      interrupted: stoppedCreation.en,
      dryRun: "What would be made, after names were checked and the database was looked at",
      absent: "there is none of this name",
      never: (driver: string) =>
        `the driver "${driver}" adopts no such database as it is configured`,
      done: (slug: string, id: string) => `Tenant "${slug}" has its database, with id ${id}.`,
    },
    de: {
      brief: "Macht aus einer Datenbank, die schon da ist, einen Mandanten, mit allen Zeilen",
      description:
        "Sie bekommt einen Vermerk, wem sie gehört, und die Tabellen, die ihr fehlen. Ein Entfernen behält sie, wenn --drop-adopted nichts anderes sagt.",
      arguments: {
        slug: "Das Kürzel des Mandanten",
        database: "Der Name der Datenbank, des Schemas oder der Datei",
      },
      flags: {
        name: "Was Menschen lesen; ohne Angabe das Kürzel",
        domain: "Hostnamen, die sofort zu ihm führen, der erste ist der wichtigste",
        plan: "Ein Tarif Ihrer Anwendung",
        id: "Seine Id; ohne Angabe eine neue, und die des Vermerks, wo ein Register verloren ging",
        driver: "Wo die Datenbank ist: der Treiber",
        strategy: "Ob sie eine Datenbank oder ein Schema ist",
        server: "Auf welchem der eingerichteten Server sie ist",
        key: "Macht den Aufruf wiederholbar",
      },
      interrupted: stoppedCreation.de,
      dryRun: "Was angelegt würde, nachdem Namen geprüft wurden und die Datenbank angesehen wurde",
      absent: "es gibt keine dieses Namens",
      never: (driver: string) =>
        `der Treiber „${driver}“ übernimmt keine solche Datenbank, so wie er eingerichtet ist`,
      done: (slug: string, id: string) =>
        `Der Mandant „${slug}“ hat seine Datenbank, mit der Id ${id}.`,
    },
  },
  async run(session, { slug, database, driver, strategy, server, domain, key, ...input }) {
    const { texts } = session;
    const placement = { name: database, ...definedOnly({ driver, strategy, server }) };
    const { name, plan, id } = input;
    const wanted: AdoptedTenant = {
      ...{ slug, placement },
      ...definedOnly({ name, plan, id, domains: domain, idempotencyKey: key }),
    };
    return makeTenant(session, {
      ...{ slug, done: texts.done },
      async rehearse({ tenancy, databases }) {
        await tenancy.tenants.rehearse(wanted);
        if (databases === undefined) return;
        const { DatabaseOwnedError, InvalidInputError } = await import("@af-tenancy/core");
        const tenantId = id ?? "rehearsal";
        const place = databases.place(tenantId, 1, placement);
        const manager = databases.manager(place);
        if (manager.adopt === undefined) {
          const rule = texts.never(place.driver);
          throw new InvalidInputError("placement.strategy", place.strategy, rule);
        }
        const found = await manager.inspect({ tenantId, placement: place });
        if (found === undefined) {
          throw new InvalidInputError("placement.name", database, texts.absent);
        }
        const { owner } = found;
        if (owner === undefined || owner.tenantId === tenantId) return;
        const whose = `tenant "${owner.tenantId}", generation ${owner.generation}`;
        throw new DatabaseOwnedError(database, whose);
      },
      make: ({ tenants }) => tenants.adopt(wanted),
    });
  },
});
