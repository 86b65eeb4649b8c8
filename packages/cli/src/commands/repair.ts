import type { OperationRecord } from "@af-tenancy/core";
import { defineCommand } from "../command/define-command.ts";
import { exitOf } from "../exit-codes.ts";
import { slugsOf } from "../migrations/planned.ts";
import type { RepairOutput } from "../outputs/repair-output.ts";
import { measure } from "../tenants/measure.ts";

type OperationOutput = RepairOutput["finished"][number];

/** `repair`: finishes or discards what was interrupted, and drops databases that nobody owns any more. */
export const repair = defineCommand({
  path: "repair",
  kind: "changes",
  arguments: {},
  flags: {},
  examples: ["repair --dry-run", "repair --json"],
  exits: [0, 1, 2, 3, 130],
  output: "repair",
  texts: {
    en: {
      brief: "Finishes or discards what was interrupted, and drops databases that nobody owns",
      description:
        "What a process works on, or died with a moment ago, is left alone until its lease is over.\nPlans of migrations go on by `migrate resume`.",
      arguments: {},
      flags: {},
      dryRun: "The operations that nobody works on, and the databases that would be dropped",
      would: "Would be taken up:",
      nothing: "There is nothing to repair.",
      operation: ({ kind, tenant, state, done }: OperationOutput) =>
        `  ${kind} ${tenant}  ${state}${done.length === 0 ? "" : `, after ${done.join(", ")}`}`,
      swept: (server: string, name: string) => `  drop ${name} on ${server}`,
      wayOut:
        "Mend the causes and call it again. Who cannot be made to the end is removed by `af-tenancy tenant purge <tenant> --skip-grace`.",
      told: (finished: number, failed: number, swept: number) =>
        `Taken up: ${finished}, still unfinished: ${failed}, databases dropped: ${swept}.`,
    },
    de: {
      brief:
        "Vollendet oder verwirft, was unterbrochen wurde, und löscht Datenbanken, die niemandem gehören",
      description:
        "Woran ein Prozess arbeitet oder eben noch gearbeitet hat, bleibt liegen, bis seine Frist vorbei ist.\nPläne für Migrationen gehen mit `migrate resume` weiter.",
      arguments: {},
      flags: {},
      dryRun: "Die Vorgänge, an denen niemand arbeitet, und die Datenbanken, die gelöscht würden",
      would: "Aufgenommen würde:",
      nothing: "Es gibt nichts zu reparieren.",
      operation: ({ kind, tenant, state, done }: OperationOutput) =>
        `  ${kind} ${tenant}  ${state}${done.length === 0 ? "" : `, nach ${done.join(", ")}`}`,
      swept: (server: string, name: string) => `  ${name} auf ${server} löschen`,
      wayOut:
        "Die Ursachen beheben und noch einmal aufrufen. Wer nicht fertig zu machen ist, den entfernt `af-tenancy tenant purge <Mandant> --skip-grace`.",
      told: (finished: number, failed: number, swept: number) =>
        `Aufgenommen: ${finished}, noch unvollendet: ${failed}, Datenbanken gelöscht: ${swept}.`,
    },
  },
  async run(session) {
    const { texts, settings, catalogue } = session;
    const { dryRun } = settings;
    const cost = measure();
    const { tenancy, actor } = await session.application();
    tenancy.events.on("operationProgress", ({ operation, step, position, steps }) =>
      session.progress.tell(`${operation.kind} ${step} ${position}/${steps}`),
    );
    const report = await tenancy.central(() => tenancy.tenants.repair({ dryRun }), { actor });
    const slugOf = await slugsOf(
      tenancy,
      [...report.finished, ...report.failed].map(({ tenantId }) => tenantId),
    );
    const told = (operations: readonly OperationRecord[]) =>
      operations.map((one) => operationOf(one, slugOf(one.tenantId)));
    const value: RepairOutput = {
      dryRun,
      finished: told(report.finished),
      failed: told(report.failed),
      swept: report.swept.map(({ driver, server, name, generation }) => ({
        ...{ driver, server, name, generation },
      })),
      cost: cost(),
    };
    const { finished, failed, swept } = value;
    return {
      value,
      exit: exitOf({ done: finished.length, isWhole: failed.length === 0 }),
      quiet: finished.map(({ tenant }) => tenant),
      show(print) {
        const count = finished.length + failed.length + swept.length;
        if (count === 0) return print.line(texts.nothing, "dim");
        if (dryRun) print.line(texts.would, "yellow");
        for (const operation of finished) print.line(texts.operation(operation));
        for (const operation of failed) {
          print.line(texts.operation(operation), "red");
          print.line(`    ${operation.error ?? ""}`, "red");
        }
        if (failed.length > 0) print.line(texts.wayOut, "yellow");
        for (const { server, name } of swept) print.line(texts.swept(server, name));
        if (dryRun) return print.line(catalogue.words.nothingChanged, "yellow");
        const line = texts.told(finished.length, failed.length, swept.length);
        print.line(line, failed.length > 0 ? "red" : "green");
      },
    };
  },
});

function operationOf(
  { id, kind, state, done, error }: OperationRecord,
  tenant: string,
): OperationOutput {
  return { id, tenant, kind, state, done: [...done], error: error ?? null };
}
