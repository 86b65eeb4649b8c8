import { isAbsolute, resolve } from "node:path";
import type { Tenancy, TenantRecord } from "@af-tenancy/core";
import { defineCommand } from "../../command/define-command.ts";
import { on } from "../../command/flags.ts";
import { fleetFlags, reasonFlag } from "../../command/shared-flags.ts";
import { loadDefault } from "../../config/load-module.ts";
import { watchTenant } from "../../debug/watch-tenant.ts";
import { selectFleet } from "../../tenants/select-fleet.ts";
import { visitFleet } from "../../tenants/visit-fleet.ts";

/** `tenant run`: runs a function of the application in each tenant. */
export const tenantRun = defineCommand({
  path: "tenant run",
  kind: "changes",
  arguments: { script: "required", args: "rest" },
  flags: { ...fleetFlags, ...reasonFlag, debug: on() },
  examples: [
    "tenant run scripts/report.ts --tenants acme,globex -- --month 5",
    "tenant run scripts/mend.ts --skip-tenants acme --skip-failing --processes 4 --json",
    "tenant run scripts/report.ts --tenants acme --debug",
  ],
  exits: [0, 1, 2, 3, 130],
  output: "fleet",
  texts: {
    en: {
      brief: "Runs the default export of a module in each tenant",
      description:
        "It is called in the tenant's scope with { tenant, tenancy, args, signal }, where `args` is what stands after --.\nWhat it gives is in the JSON; what it throws, or a number other than 0, is a failure. It may read from the terminal.",
      arguments: { script: "The module, of JavaScript or TypeScript", args: "What it gets" },
      flags: {
        debug:
          "Tell what happened for each tenant, in order, with time and memory: bootstrappers, values, statements, failures",
      },
      dryRun: "Whose turn it would be; the module is loaded, and nothing of it is called",
      noFunction: (path: string) =>
        `"${path}" has no function as its default export: write "export default async ({ tenant, args }) => { ... }".`,
      failed: (path: string) => `"${path}" cannot be loaded: see the cause.`,
      code: (code: number) => `It gave ${code}: give nothing or 0 where all is well.`,
    },
    de: {
      brief: "Führt das, was ein Modul hergibt, in jedem Mandanten aus",
      description:
        "Es wird beim Mandanten mit { tenant, tenancy, args, signal } gerufen; `args` ist, was hinter -- steht.\nWas es liefert, steht im JSON; was es wirft, oder eine Zahl außer 0, ist ein Fehlschlag. Es darf vom Terminal lesen.",
      arguments: { script: "Das Modul, in JavaScript oder TypeScript", args: "Was es bekommt" },
      flags: {
        debug:
          "Sagen, was bei jedem Mandanten nacheinander geschah, mit Zeit und Speicher: Bootstrapper, Werte, Anweisungen, Fehler",
      },
      dryRun: "Wer an die Reihe käme; das Modul wird geladen und nichts davon gerufen",
      noFunction: (path: string) =>
        `„${path}“ gibt keine Funktion her: „export default async ({ tenant, args }) => { ... }“ schreiben.`,
      failed: (path: string) => `„${path}“ ist nicht zu laden: siehe die Ursache.`,
      code: (code: number) => `Es gab ${code}: nichts oder 0 geben, wo alles gut ist.`,
    },
  },
  async run(session, { script, args, processes, skipFailing, reason, debug, ...selection }) {
    const { texts, terminal, refuse, signal, progress, catalogue } = session;
    const tenants = await selectFleet(session, selection);
    const { tenancy, actor } = await session.application();
    const { TurnFailedError, ScriptNotLoadedError } = await import("../../errors.ts");
    const path = isAbsolute(script) ? script : resolve(terminal.folder, script);
    const call = await loadDefault(path).catch((cause: unknown) => {
      throw new ScriptNotLoadedError(texts.failed(script), { cause });
    });
    if (!isScript(call)) return refuse(texts.noFunction(script));
    // It has the terminal for itself, for questions of its own.
    if (terminal.isInteractive) await progress.pause();
    const origin = { actor, ...(reason !== undefined && { reason }) };
    return visitFleet(session, tenants, {
      ...{ processes, skipFailing },
      ...(debug && { watch: ({ id }: TenantRecord) => watchTenant(id, catalogue) }),
      visit: (tenant) =>
        tenancy.run(
          tenant,
          async () => {
            const result = await call({ tenant, tenancy, args, signal });
            if (typeof result === "number" && result !== 0)
              throw new TurnFailedError(texts.code(result));
            return result;
          },
          origin,
        ),
    });
  },
});

/** What a script is called with. */
interface ScriptCall {
  readonly tenant: TenantRecord;
  readonly tenancy: Tenancy;
  readonly args: readonly string[];
  readonly signal: AbortSignal;
}

function isScript(value: unknown): value is (call: ScriptCall) => unknown {
  return typeof value === "function";
}
