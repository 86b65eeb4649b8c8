import type { Outcome } from "../command/define-command.ts";
import type { Session } from "../command/session.ts";
import { exitCodes } from "../exit-codes.ts";
import type { HealthOutput } from "../outputs/health-output.ts";
import type { Style } from "../terminal/printer.ts";
import type { HealthStatus } from "./health-check.ts";

/** What is said beside what was seen. */
export interface OutcomeTexts {
  readonly more: string;
  readonly notified: string;
  notNotified(error: string): string;
}

/** Gives the outcome of one look: failed while something is unhealthy, or somebody could not be told. */
export function healthOutcome({ texts }: Session<OutcomeTexts>, value: HealthOutput): Outcome {
  const { status, checks, more, notification } = value;
  const isFailed = status === "unhealthy" || notification?.sent === false;
  return {
    value,
    exit: isFailed ? exitCodes.failed : exitCodes.ok,
    quiet: [status],
    show(print) {
      for (const { check, subject, status: state, message, milliseconds, actions } of checks) {
        const name = subject === null ? check : `${check} ${subject}`;
        print.line(`${state.padEnd(9)}  ${name}  ${message} (${milliseconds} ms)`, styles[state]);
        for (const action of actions) print.line(`           ${action}`, "cyan");
      }
      print.line(status, styles[status]);
      if (more) print.line(texts.more, "yellow");
      if (notification?.sent === true) print.line(texts.notified, "dim");
      if (notification?.sent === false) {
        print.line(texts.notNotified(notification.error ?? ""), "red");
      }
    },
  };
}

const styles: Readonly<Record<HealthStatus, Style>> = Object.freeze({
  healthy: "green",
  warning: "yellow",
  unhealthy: "red",
});
