import type { NewTenant, TenantMetadata } from "@af-tenancy/core";
import { defineCommand } from "../../command/define-command.ts";
import { choice, jsonObject, list, on, text } from "../../command/flags.ts";
import { askForNewTenant } from "../../tenants/ask-for-new-tenant.ts";
import { definedOnly } from "../../tenants/defined-only.ts";
import { makeTenant } from "../../tenants/make-tenant.ts";
import { stoppedCreation } from "../../tenants/stopped-creation.ts";

/** `tenant create`: makes a tenant, or tells what would be made. */
export const tenantCreate = defineCommand({
  path: "tenant create",
  kind: "changes",
  arguments: { slug: "optional" },
  flags: {
    name: text("TEXT"),
    domain: list("HOST,..."),
    plan: text("NAME"),
    metadata: jsonObject("JSON"),
    homepage: on(),
    withoutDatabase: on(),
    id: text("ID"),
    driver: text("NAME"),
    strategy: choice(["database", "schema", "row"]),
    server: text("NAME"),
    databaseName: text("NAME"),
    key: text("TEXT"),
  },
  examples: [
    "tenant create acme --domain acme.example.com",
    "tenant create acme --name 'Acme Corporation' --plan gold --metadata '{\"seats\":5}' --json",
    "tenant create acme --key sign-up-4711",
  ],
  exits: [0, 1, 2, 4, 130],
  output: "change",
  texts: {
    en: {
      brief: "Creates a tenant with its database",
      description:
        "Without a slug it is asked for on a terminal, with everything else.\nThe same --key never makes a second tenant, so that a script may be run again.",
      arguments: { slug: "Its readable name: a-z, 0-9 and inner dashes" },
      flags: {
        name: "What people read; the slug when absent",
        domain: "Host names that lead to it at once, the first one primary",
        plan: "A plan of your application",
        metadata: "What your application keeps about it",
        homepage: "Its root address shows a home page of its own",
        withoutDatabase: "It gets no database",
        id: "Its id; generated when absent",
        driver: "Where its data shall live: the driver",
        strategy: "How its data is kept apart",
        server: "Which of the configured servers",
        databaseName:
          "The physical name of its database; what was cut off and taken over gets another one",
        key: "Makes the call repeatable",
      },
      interrupted: stoppedCreation.en,
      dryRun:
        "What would be created, after names and values were checked as for a real one; the database server is not asked",
      done: (slug: string, id: string) => `Tenant "${slug}" is active, with id ${id}.`,
      askSlug: "Slug (a-z, 0-9 and dashes)",
      askName: "Name",
      askDomains: "Domains, with commas between them",
      askHomepage: "Does it have a home page of its own?",
    },
    de: {
      brief: "Legt einen Mandanten mit seiner Datenbank an",
      description:
        "Ohne Kürzel wird an einem Terminal danach gefragt, und nach allem anderen.\nDerselbe --key macht nie einen zweiten Mandanten, so dass ein Skript noch einmal laufen darf.",
      arguments: { slug: "Sein lesbarer Name: a-z, 0-9 und Striche darin" },
      flags: {
        name: "Was Menschen lesen; ohne Angabe das Kürzel",
        domain: "Hostnamen, die sofort zu ihm führen, der erste ist der wichtigste",
        plan: "Ein Tarif Ihrer Anwendung",
        metadata: "Was Ihre Anwendung über ihn festhält",
        homepage: "Seine oberste Adresse zeigt eine eigene Startseite",
        withoutDatabase: "Er bekommt keine Datenbank",
        id: "Seine Id; ohne Angabe wird eine erzeugt",
        driver: "Wo seine Daten liegen sollen: der Treiber",
        strategy: "Wie seine Daten getrennt werden",
        server: "Welcher der eingerichteten Server",
        databaseName:
          "Der Name seiner Datenbank auf dem Server; was abbrach und aufgenommen wurde, bekommt einen anderen",
        key: "Macht den Aufruf wiederholbar",
      },
      interrupted: stoppedCreation.de,
      dryRun:
        "Was angelegt würde, nachdem Namen und Werte wie im Ernst geprüft wurden; der Datenbankserver wird nicht gefragt",
      done: (slug: string, id: string) => `Der Mandant „${slug}“ ist aktiv, mit der Id ${id}.`,
      askSlug: "Kürzel (a-z, 0-9 und Striche)",
      askName: "Name",
      askDomains: "Domains, mit Kommas dazwischen",
      askHomepage: "Hat er eine eigene Startseite?",
    },
  },
  async run(session, input) {
    const { texts, settings, catalogue, refuse } = session;
    const asked = input.slug === undefined && settings.mayAsk;
    const { slug, name, domains, homepage } = asked
      ? await askForNewTenant(session, texts)
      : { ...input, domains: input.domain };
    if (slug === undefined) return refuse(catalogue.refusals.missingArgument("slug"));
    const { driver, strategy, server, databaseName } = input;
    const placement = definedOnly({ driver, strategy, server, name: databaseName });
    const wanted: NewTenant = {
      slug,
      ...definedOnly({ name, domains, homepage, plan: input.plan, id: input.id }),
      ...definedOnly({ metadata: input.metadata as TenantMetadata, idempotencyKey: input.key }),
      ...(Object.keys(placement).length > 0 && { placement }),
      ...(input.withoutDatabase && { database: false }),
    };
    return makeTenant(session, {
      ...{ slug, done: texts.done, databaseName },
      rehearse: ({ tenancy }) => tenancy.tenants.rehearse(wanted),
      make: ({ tenants }) => tenants.create(wanted),
    });
  },
});
