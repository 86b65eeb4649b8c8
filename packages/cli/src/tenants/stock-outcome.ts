import type { Outcome } from "../command/define-command.ts";
import type { Session } from "../command/session.ts";
import { exitOf } from "../exit-codes.ts";
import type { StockOutput } from "../outputs/fleet-output.ts";
import { tellCauses } from "./tell-causes.ts";

/** Gives the outcome of a command that changes the pool of pending tenants. */
export function stockOutcome(
  { catalogue }: Session,
  value: StockOutput,
  told: (value: StockOutput) => string,
): Outcome {
  const { words } = catalogue;
  return {
    value,
    exit: exitOf({
      done: value.made.length + value.cleared.length,
      isWhole: value.failed.length === 0,
    }),
    quiet: [...value.made, ...value.cleared],
    show(print) {
      if (value.dryRun) print.line(words.wouldChange, "yellow");
      for (const { tenant, code, message, causes } of value.failed) {
        print.line(`  ${tenant}  ${code}: ${message}`, "red");
        tellCauses(print, catalogue, causes);
      }
      print.line(told(value), value.dryRun ? undefined : "green");
      if (value.dryRun) print.line(words.nothingChanged, "yellow");
    },
  };
}
