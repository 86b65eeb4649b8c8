import { setImmediate as turnOfTheLoop } from "node:timers/promises";
import type { Outcome } from "../command/define-command.ts";
import type { Session } from "../command/session.ts";
import { showSteps } from "../debug/show-steps.ts";
import type { Watch } from "../debug/watch-tenant.ts";
import { exitOf } from "../exit-codes.ts";
import type { FleetOutput } from "../outputs/fleet-output.ts";
import type { CostOutput } from "../outputs/tenant-output.ts";
import { factsOf } from "../report-error.ts";
import { measure } from "./measure.ts";
import { tellCauses } from "./tell-causes.ts";

/** How a command goes through its tenants. */
export interface Visiting<T> {
  readonly processes: number | undefined;
  readonly skipFailing: boolean | undefined;
  /** Does it for one tenant, and gives what `--json` is to have of it. */
  visit(tenant: T): Promise<unknown>;
  /** Gives what it would give, without doing it. */
  rehearse?(tenant: T): unknown;
  /** Says for people what a result is. */
  tell?(result: unknown): string;
  /** Watches each tenant's turn. */
  watch?(tenant: T): Watch;
}

/**
 * Does something for each tenant, some at a time, and gives the outcome: with the first failure nobody else's turn comes,
 * unless failures are to be skipped.
 */
export async function visitFleet<T extends { readonly slug: string }>(
  session: Session,
  tenants: readonly T[],
  { processes = 1, skipFailing = false, visit, watch, rehearse, tell }: Visiting<T>,
): Promise<Outcome> {
  const { settings, progress, catalogue, signal } = session;
  const cost = measure();
  const told: FleetOutput["tenants"] = tenants.map((tenant) => ({
    ...{ tenant: tenant.slug, state: "waiting", milliseconds: 0, heapBytes: 0, error: null },
    result: settings.dryRun ? jsonOf(rehearse?.(tenant)) : null,
  }));
  let next = 0;
  let ended = 0;
  let hasFailed = false;

  async function work(): Promise<void> {
    while (!signal.aborted && (skipFailing || !hasFailed)) {
      const index = next++;
      const tenant = tenants[index];
      if (tenant === undefined) return;
      progress.tell(`${ended}/${tenants.length}`);
      progress.begin(tenant.slug);
      const turn = measure();
      const watched = watch?.(tenant);
      try {
        const result = jsonOf(await visit(tenant));
        told[index] = { ...ofTurn(tenant, turn()), state: "done", error: null, result };
      } catch (error) {
        hasFailed = true;
        const { code, message, causes } = factsOf(error, catalogue);
        told[index] = {
          ...ofTurn(tenant, turn()),
          state: "failed",
          error: { code, message, causes: [...causes] },
          result: null,
        };
        watched?.failed(error);
      }
      if (watched) told[index].steps = [...watched.end()];
      ended += 1;
      progress.done(tenant.slug);
      // Where a driver answers at once, nobody could stop it otherwise.
      await turnOfTheLoop();
    }
  }

  if (!settings.dryRun)
    await Promise.all(Array.from({ length: Math.min(processes, tenants.length) }, work));
  return fleetOutcome(session, { dryRun: settings.dryRun, tenants: told, cost: cost() }, tell);
}

function ofTurn({ slug }: { readonly slug: string }, { milliseconds, heapBytes }: CostOutput) {
  return { tenant: slug, milliseconds, heapBytes };
}

function fleetOutcome(
  { catalogue }: Session,
  value: FleetOutput,
  tell: ((result: unknown) => string) | undefined,
): Outcome {
  const { words } = catalogue;
  const count = (state: string) => value.tenants.filter((one) => one.state === state).length;
  const counts = words.fleet(count("done"), count("failed"), count("waiting"));
  return {
    value,
    exit: exitOf({ done: count("done"), isWhole: count("failed") === 0 }),
    quiet: value.tenants
      .filter(({ state }) => value.dryRun || state === "done")
      .map(({ tenant }) => tenant),
    show(print) {
      if (value.tenants.length === 0) return print.line(words.nobody, "dim");
      if (value.dryRun) print.line(words.wouldVisit, "yellow");
      for (const {
        tenant,
        state,
        milliseconds,
        heapBytes,
        error,
        result,
        steps,
      } of value.tenants) {
        const what = tell === undefined || result === null ? "" : `  ${tell(result)}`;
        if (value.dryRun) print.line(`  ${tenant}${what}`);
        else if (error !== null) {
          print.line(`  ${tenant}  ${error.code}: ${error.message}`, "red");
          tellCauses(print, catalogue, error.causes);
        } else if (state === "done") {
          const turn = words.turn(milliseconds, Math.round(heapBytes / 1024));
          print.line(`  ${tenant}${what}  ${turn}`);
        }
        if (steps) showSteps(print, catalogue, steps);
      }
      if (value.dryRun) print.line(words.nothingChanged, "yellow");
      else print.line(counts, count("failed") > 0 ? "red" : "green");
    },
  };
}

/** What JSON can bear of a result; nothing where there is none. */
function jsonOf(result: unknown): FleetOutput["tenants"][number]["result"] {
  return result === undefined ? null : JSON.parse(JSON.stringify(result) ?? "null");
}
