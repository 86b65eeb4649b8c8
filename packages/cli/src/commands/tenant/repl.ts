import { isAbsolute, resolve } from "node:path";
import { defineCommand } from "../../command/define-command.ts";
import { text } from "../../command/flags.ts";
import { reasonFlag } from "../../command/shared-flags.ts";
import { exitCodes } from "../../exit-codes.ts";
import { talk } from "../../repl/talk.ts";
import { selectTenant } from "../../tenants/select-tenant.ts";

/** `tenant repl`: evaluates JavaScript inside a tenant, line by line. */
export const tenantRepl = defineCommand({
  path: "tenant repl",
  kind: "reads",
  arguments: { tenant: "optional" },
  flags: { history: text("FILE"), ...reasonFlag },
  examples: ["tenant repl acme", "tenant repl acme --history .tenant-history"],
  exits: [0, 1, 2, 130],
  output: undefined,
  texts: {
    en: {
      brief: "Evaluates JavaScript in a tenant's scope, line by line",
      description:
        "There are `tenant`, `tenancy`, `databases` and, where the databases have one, `em`: the tenant's entity manager.\n`await` works. What you write is done in earnest. Leave it with .exit or Ctrl-D, and you are outside every tenant.\nLines may also come in on stdin: each begins when what the one before it awaits is there. Where one throws, the others run all the same, and the command ends with 1.",
      arguments: { tenant: "Its slug, id or a domain; asked for on a terminal when absent" },
      flags: { history: "Keep what you write in this file; nothing is kept when absent" },
      noFile: (path: string) => `The history "${path}" cannot be kept: give another file.`,
    },
    de: {
      brief: "Wertet JavaScript bei einem Mandanten aus, Zeile für Zeile",
      description:
        "Es gibt `tenant`, `tenancy`, `databases` und, wo die Datenbanken einen haben, `em`: den Entity-Manager des Mandanten.\n`await` geht. Was Sie schreiben, geschieht im Ernst. Mit .exit oder Strg-D gehen Sie hinaus, aus jedem Mandanten.\nZeilen können auch auf stdin hereinkommen: jede beginnt, wenn da ist, worauf die vorige wartet. Wo eine wirft, laufen die anderen trotzdem, und der Befehl endet mit 1.",
      arguments: {
        tenant: "Sein Kürzel, seine Id oder eine Domain; fehlt es, wird am Terminal gefragt",
      },
      flags: { history: "In dieser Datei behalten, was Sie schreiben; ohne Angabe nirgends" },
      noFile: (path: string) =>
        `Der Verlauf „${path}“ ist nicht zu führen: eine andere Datei nennen.`,
    },
  },
  async run(session, { tenant: named, history, reason }) {
    const { terminal, progress, signal, texts, refuse } = session;
    const tenant = await selectTenant(session, named);
    const { tenancy, databases, actor } = await session.application();
    await progress.pause();
    const path =
      history === undefined || isAbsolute(history) ? history : resolve(terminal.folder, history);
    const origin = { actor, ...(reason !== undefined && { reason }) };
    const isWhole = await tenancy
      .run(
        tenant,
        () =>
          talk(terminal, {
            ...{
              prompt: `${tenant.slug}> `,
              history: path,
              signal,
              values: { tenant, tenancy, databases },
            },
            managerOf: entityManagerOf(databases),
            bind: (fn) => tenancy.bind(fn),
          }),
        origin,
      )
      .catch((error: unknown) => {
        const { syscall } = Object(error) as { readonly syscall?: string };
        if (history === undefined || syscall !== "open") throw error;
        return refuse(texts.noFile(history));
      });
    return {
      value: {},
      exit: isWhole ? exitCodes.ok : exitCodes.failed,
      show: () => undefined,
    };
  },
});

/** What gives the tenant's entity manager, where the databases have one. */
function entityManagerOf(databases: unknown): (() => unknown) | undefined {
  const { em } = Object(databases) as { readonly em?: unknown };
  return typeof em === "function" ? () => em.call(databases) : undefined;
}
