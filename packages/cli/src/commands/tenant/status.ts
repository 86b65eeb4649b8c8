import type { StatusMove, TenantStatus } from "@af-tenancy/core";
import { defineCommand } from "../../command/define-command.ts";
import type { StatusOutput } from "../../outputs/read-outputs.ts";
import { commandsFor } from "../../tenants/commands-for.ts";
import { describeTenant } from "../../tenants/describe-tenant.ts";
import { requireRegistry } from "../../tenants/require-registry.ts";
import { selectTenant } from "../../tenants/select-tenant.ts";

/** `tenant status`: tells what a tenant's requests get now, and what can be done with it. */
export const tenantStatus = defineCommand({
  path: "tenant status",
  kind: "reads",
  arguments: { tenant: "optional" },
  flags: {},
  examples: ["tenant status acme", "tenant status acme --json"],
  exits: [0, 1, 2, 130],
  output: "status",
  texts: {
    en: {
      brief: "Tells whether a tenant is served, and what can be done with it",
      description: "Who passes a maintenance is not asked: this is what everybody else gets.",
      arguments: { tenant: "Its slug, id or a domain; asked for on a terminal when absent" },
      flags: {},
      served: (slug: string) => `"${slug}" is served.`,
      refused: (slug: string, code: string) => `"${slug}" is not served: requests get ${code}.`,
      commands: "What can be done with it:",
      moves: (moves: string) => `Your application can also: ${moves}.`,
      unfinished: (kind: string, state: string, done: string) =>
        `Unfinished: ${kind} is ${state}, done so far: ${done}.`,
    },
    de: {
      brief: "Sagt, ob ein Mandant bedient wird und was mit ihm geht",
      description: "Wer durch eine Wartung kommt, zählt nicht: dies bekommen alle anderen.",
      arguments: {
        tenant: "Sein Kürzel, seine Id oder eine Domain; fehlt es, wird am Terminal gefragt",
      },
      flags: {},
      served: (slug: string) => `„${slug}“ wird bedient.`,
      refused: (slug: string, code: string) =>
        `„${slug}“ wird nicht bedient: Anfragen bekommen ${code}.`,
      commands: "Was mit ihm geht:",
      moves: (moves: string) => `Ihre Anwendung kann auch: ${moves}.`,
      unfinished: (kind: string, state: string, done: string) =>
        `Unvollendet: ${kind} ist ${state}, getan ist: ${done}.`,
    },
  },
  async run(session, { tenant: named }) {
    const { texts, catalogue } = session;
    const tenant = await selectTenant(session, named);
    const registry = await requireRegistry(session);
    const { databases } = await session.application();
    const { admit, statusMoves, systemClock, isTenancyError } = await import("@af-tenancy/core");
    const clock = systemClock();
    let refusal: StatusOutput["refusal"] = null;
    try {
      admit(tenant, clock, databases?.migrations);
    } catch (error) {
      if (!isTenancyError(error)) throw error;
      refusal = { code: error.code, message: error.message };
    }
    const unfinished = await registry.transaction(({ operations }) => operations.unfinished());
    const operation = unfinished.find(({ tenantId }) => tenantId === tenant.id);
    const allowed = Object.entries(statusMoves[tenant.status]) as [TenantStatus, StatusMove][];
    const moves = allowed
      .filter(([to, move]) => !isBack.has(move) || to === (tenant.formerStatus ?? "inactive"))
      .map(([to, move]) => ({ move, to }));
    const value: StatusOutput = {
      tenant: describeTenant(tenant),
      served: refusal === null,
      refusal,
      moves,
      commands: [...commandsFor(tenant, moves, clock.now())],
      operation:
        operation === undefined
          ? null
          : {
              id: operation.id,
              kind: operation.kind,
              state: operation.state,
              done: [...operation.done],
              error: operation.error ?? null,
            },
    };
    return {
      value,
      quiet: [tenant.status],
      show(print) {
        if (refusal === null) print.line(texts.served(tenant.slug), "green");
        else {
          print.line(texts.refused(tenant.slug, refusal.code), "red");
          print.line(refusal.message, "dim");
        }
        if (operation !== undefined) {
          const done = operation.done.join(", ") || catalogue.words.none;
          print.line(texts.unfinished(operation.kind, operation.state, done), "yellow");
        }
        print.line(texts.commands);
        for (const { command, to } of value.commands) print.line(`  ${command} -> ${to}`);
        const others = value.moves.filter(({ move }) => isOnlyCalled.has(move));
        if (others.length === 0) return;
        print.line(texts.moves(others.map(({ move, to }) => `${move} -> ${to}`).join(", ")), "dim");
      },
    };
  },
});

/** Moves that lead back to what the tenant was before. */
const isBack: ReadonlySet<StatusMove> = new Set(["unblock", "unarchive", "restore"]);

/** Moves that no command makes, nor one like it. */
const isOnlyCalled: ReadonlySet<string> = new Set(["deactivate", "block"]);
