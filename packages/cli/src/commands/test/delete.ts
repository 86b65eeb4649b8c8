import type { TenantRecord } from "@af-tenancy/core";
import { defineCommand } from "../../command/define-command.ts";
import { on, whole } from "../../command/flags.ts";
import { visitFleet } from "../../tenants/visit-fleet.ts";
import { askConsent } from "../../terminal/consent.ts";

/** `tenant test delete`: removes tenants that were made for tests, and no others. */
export const testDelete = defineCommand({
  path: "tenant test delete",
  kind: "destroys",
  arguments: {},
  flags: { over: on(), processes: whole("NUMBER", 1) },
  examples: ["tenant test delete --yes", "tenant test delete --over --yes --json"],
  exits: [0, 1, 2, 3, 130],
  output: "fleet",
  texts: {
    en: {
      brief: "Removes the tenants that `tenant test create` made, for good",
      description: "Only those whose metadata says that they are for tests.",
      arguments: {},
      flags: {
        over: "Only those whose time is over",
        processes: "How many at a time; 4 when absent",
      },
      dryRun: "Who would be removed",
      ask: (count: number) => `Remove ${count} tenants that were made for tests?`,
    },
    de: {
      brief: "Entfernt endgültig die Mandanten, die `tenant test create` anlegte",
      description: "Nur die, deren Angaben sagen, dass sie für Tests sind.",
      arguments: {},
      flags: {
        over: "Nur die, deren Zeit um ist",
        processes: "Wie viele zugleich; ohne Angabe 4",
      },
      dryRun: "Wer entfernt würde",
      ask: (count: number) => `${count} Mandanten entfernen, die für Tests angelegt wurden?`,
    },
  },
  async run(session, { over, processes = 4 }) {
    const { texts, settings } = session;
    const { tenancy, actor } = await session.application();
    const doomed: TenantRecord[] = [];
    for await (const tenant of tenancy.store.list({ statuses: [...statuses] })) {
      const { test } = tenant.metadata as { readonly test?: { readonly until?: number | null } };
      if (typeof test !== "object" || test === null) continue;
      if (over && (typeof test.until !== "number" || test.until > Date.now())) continue;
      doomed.push(tenant);
    }
    if (!settings.dryRun) await askConsent(session, texts.ask(doomed.length));
    return visitFleet(session, doomed, {
      ...{ processes, skipFailing: true },
      visit: ({ id }) =>
        tenancy.central(
          async () => {
            await tenancy.tenants.purge(id, { skipGrace: true });
          },
          { actor },
        ),
    });
  },
});

/** Also those that a failure left half-made. */
const statuses = Object.freeze([
  ...(["active", "inactive", "suspended", "blocked", "archived"] as const),
  ...(["deleted", "failed"] as const),
]);
