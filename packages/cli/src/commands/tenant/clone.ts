import type { ClonedTenant, NewTenant } from "@af-tenancy/core";
import { defineCommand } from "../../command/define-command.ts";
import { list, text } from "../../command/flags.ts";
import { definedOnly } from "../../tenants/defined-only.ts";
import { makeTenant } from "../../tenants/make-tenant.ts";
import { selectTenant } from "../../tenants/select-tenant.ts";
import { stoppedCreation } from "../../tenants/stopped-creation.ts";

/** `tenant clone`: makes a tenant that begins as a copy of another one. */
export const tenantClone = defineCommand({
  path: "tenant clone",
  kind: "changes",
  arguments: { tenant: "required", slug: "required" },
  flags: {
    name: text("TEXT"),
    domain: list("HOST,..."),
    plan: text("NAME"),
    id: text("ID"),
    server: text("NAME"),
    databaseName: text("NAME"),
    key: text("TEXT"),
  },
  examples: [
    "tenant clone acme acme-rehearsal --domain rehearsal.example.com",
    "tenant clone acme acme-copy --key copy-1 --json",
  ],
  exits: [0, 1, 2, 4, 130],
  output: "change",
  texts: {
    en: {
      brief: "Makes a tenant that begins as a copy of an active one",
      description:
        "It has all of the other's data as it was at one moment, and its plan and metadata; domains are its own.",
      arguments: {
        tenant: "Whom it is a copy of: slug, id or a domain",
        slug: "The slug of the copy",
      },
      flags: {
        name: "What people read; the slug when absent",
        domain: "Host names that lead to the copy, the first one primary",
        plan: "A plan of your application; the other's when absent",
        id: "Its id; generated when absent",
        server: "Which of the configured servers",
        databaseName:
          "The physical name of its database; what was cut off and taken over gets another one",
        key: "Makes the call repeatable",
      },
      interrupted: stoppedCreation.en,
      dryRun: "What would be made, after names and the tenant to be copied were checked",
      inactive: (status: string) => `it is "${status}", and only active tenants are`,
      done: (slug: string, id: string) => `Tenant "${slug}" is a copy, with id ${id}.`,
    },
    de: {
      brief: "Legt einen Mandanten an, der als Kopie eines aktiven beginnt",
      description:
        "Er hat alle Daten des anderen, wie sie in einem Augenblick waren, und dessen Tarif und Angaben; Domains sind seine eigenen.",
      arguments: {
        tenant: "Wessen Kopie es wird: Kürzel, Id oder eine Domain",
        slug: "Das Kürzel der Kopie",
      },
      flags: {
        name: "Was Menschen lesen; ohne Angabe das Kürzel",
        domain: "Hostnamen, die zur Kopie führen, der erste ist der wichtigste",
        plan: "Ein Tarif Ihrer Anwendung; ohne Angabe der des anderen",
        id: "Ihre Id; ohne Angabe wird eine erzeugt",
        server: "Welcher der eingerichteten Server",
        databaseName:
          "Der Name ihrer Datenbank auf dem Server; was abbrach und aufgenommen wurde, bekommt einen anderen",
        key: "Macht den Aufruf wiederholbar",
      },
      interrupted: stoppedCreation.de,
      dryRun: "Was angelegt würde, nachdem Namen und der zu kopierende Mandant geprüft wurden",
      inactive: (status: string) => `er ist „${status}“, und nur aktive werden es`,
      done: (slug: string, id: string) => `Der Mandant „${slug}“ ist eine Kopie, mit der Id ${id}.`,
    },
  },
  async run(session, { tenant: named, slug, server, databaseName, domain, key, ...input }) {
    const { texts } = session;
    const source = await selectTenant(session, named);
    const { name, plan, id } = input;
    const common = {
      slug,
      ...definedOnly({ name, plan, id, domains: domain, idempotencyKey: key }),
    };
    const placement = definedOnly({ server, name: databaseName });
    const isPlaced = Object.keys(placement).length > 0;
    const wanted: ClonedTenant = { ...common, ...(isPlaced && { placement }) };
    return makeTenant(session, {
      ...{ slug, done: texts.done, databaseName },
      async rehearse({ tenancy }) {
        if (source.status !== "active") {
          const { TenantNotClonableError } = await import("@af-tenancy/core");
          throw new TenantNotClonableError(source.id, texts.inactive(source.status));
        }
        const { driver, strategy } = source.placement ?? {};
        const place = definedOnly({ driver, strategy, ...placement });
        const rehearsed: NewTenant = source.placement
          ? { ...common, placement: place }
          : { ...common, database: false };
        await tenancy.tenants.rehearse(rehearsed);
      },
      make: ({ tenants }) => tenants.clone(source, wanted),
    });
  },
});
