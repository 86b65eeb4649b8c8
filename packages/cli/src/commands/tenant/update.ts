import type { Tenancy, TenantMetadata, TenantRecord } from "@af-tenancy/core";
import { defineCommand } from "../../command/define-command.ts";
import { choice, jsonObject, on, text, time } from "../../command/flags.ts";
import { reasonFlag } from "../../command/shared-flags.ts";
import { definedOnly } from "../../tenants/defined-only.ts";
import { selectTenant } from "../../tenants/select-tenant.ts";
import { updateTenant } from "../../tenants/update-tenant.ts";

/** `tenant update`: changes what is known of a tenant, its expiry, and what its database may be used for. */
export const tenantUpdate = defineCommand({
  path: "tenant update",
  kind: "changes",
  arguments: { tenant: "required" },
  flags: {
    name: text("TEXT"),
    plan: text("NAME"),
    withoutPlan: on(),
    metadata: jsonObject("JSON"),
    homepage: choice(["on", "off"]),
    expires: time("TIME"),
    neverExpires: on(),
    access: choice(["read-write", "read-only", "closed"]),
    key: text("TEXT"),
    ...reasonFlag,
  },
  examples: [
    "tenant update acme --plan gold --expires 2030-01-31",
    "tenant update acme --access read-only --reason 'it is being moved'",
    "tenant update acme --metadata '{\"seats\":10}' --dry-run --json",
  ],
  exits: [0, 1, 2, 4, 130],
  output: "change",
  texts: {
    en: {
      brief: "Changes what is known of a tenant",
      description: "Domains have commands of their own, and so has the slug.",
      arguments: { tenant: "Its slug, id or a domain" },
      flags: {
        name: "What people read",
        plan: "A plan of your application",
        withoutPlan: "It has no plan any more",
        metadata: "What your application keeps about it, in place of what there is",
        homepage: "Whether its root address shows a home page of its own",
        expires: "When it is served no longer",
        neverExpires: "It is served whatever the date",
        access: "What its database may be used for",
        key: "Makes the call repeatable",
      },
      dryRun: "What would change, after the values were checked as for a real change",
      nothing: "There is nothing to change: give a flag such as --plan.",
      both: (one: string, other: string) => `${one} and ${other} exclude each other: give one.`,
      done: (slug: string) => `Tenant "${slug}" is changed.`,
    },
    de: {
      brief: "Ändert, was über einen Mandanten bekannt ist",
      description: "Domains haben eigene Befehle, und das Kürzel auch.",
      arguments: { tenant: "Sein Kürzel, seine Id oder eine Domain" },
      flags: {
        name: "Was Menschen lesen",
        plan: "Ein Tarif Ihrer Anwendung",
        withoutPlan: "Er hat keinen Tarif mehr",
        metadata: "Was Ihre Anwendung über ihn festhält, statt dessen, was da ist",
        homepage: "Ob seine oberste Adresse eine eigene Startseite zeigt",
        expires: "Ab wann er nicht mehr bedient wird",
        neverExpires: "Er wird an jedem Tag bedient",
        access: "Wofür seine Datenbank da ist",
        key: "Macht den Aufruf wiederholbar",
      },
      dryRun: "Was sich änderte, nachdem die Werte wie im Ernst geprüft wurden",
      nothing: "Es gibt nichts zu ändern: einen Schalter wie --plan angeben.",
      both: (one: string, other: string) =>
        `${one} und ${other} schließen einander aus: einen davon angeben.`,
      done: (slug: string) => `Der Mandant „${slug}“ ist geändert.`,
    },
  },
  async run(session, { tenant: named, reason, ...input }) {
    const { texts, refuse } = session;
    const { name, plan, withoutPlan, metadata, homepage, key, expires, neverExpires, access } =
      input;
    if (plan !== undefined && withoutPlan) refuse(texts.both("--plan", "--without-plan"));
    if (expires !== undefined && neverExpires) refuse(texts.both("--expires", "--never-expires"));
    const { key: _only, ...wished } = input;
    if (Object.keys(definedOnly(wished)).length === 0) refuse(texts.nothing);
    const tenant = await selectTenant(session, named);
    const changes = {
      ...definedOnly({ name, plan, metadata: metadata as TenantMetadata, idempotencyKey: key }),
      ...(homepage !== undefined && { homepage: homepage === "on" }),
      ...(withoutPlan && { plan: undefined }),
    };
    const changesExpiry = expires !== undefined || neverExpires === true;
    return updateTenant(session, tenant, {
      ...{ changes, reason, done: texts.done },
      more: {
        would: { ...(changesExpiry && { expiresAt: expires }), ...definedOnly({ access }) },
        async act({ tenants }: Tenancy) {
          let after: TenantRecord | undefined;
          if (changesExpiry) after = await tenants.setExpiry(tenant.id, expires);
          if (access !== undefined) after = await tenants.setAccess(tenant.id, access);
          return after;
        },
      },
    });
  },
});
