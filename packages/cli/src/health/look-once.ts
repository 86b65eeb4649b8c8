import type { Session } from "../command/session.ts";
import { exitCodeOf, exitCodes } from "../exit-codes.ts";
import type { HealthOutput } from "../outputs/health-output.ts";
import { factsOf } from "../report-error.ts";
import { measure } from "../tenants/measure.ts";
import { type Selection, selectFleet } from "../tenants/select-fleet.ts";
import { type HealthCheck, type HealthTexts, worstOf } from "./health-check.ts";
import { lookAtHealth } from "./look-at-health.ts";

/** Which tenants are looked at, and how long each look may take. */
interface Looking extends Selection {
  readonly limit: number | undefined;
  readonly timeout: number | undefined;
  readonly minFree: number | undefined;
}

/** Looks at everything once; an application that does not start is all that there is to see. */
export async function lookOnce(
  session: Session<HealthTexts>,
  { limit = 50, timeout: timeoutMs = 10_000, minFree = 10, ...selection }: Looking,
): Promise<HealthOutput> {
  const cost = measure();
  const told = (checks: readonly HealthCheck[], tenants: number, more: boolean): HealthOutput => ({
    status: worstOf(checks.map(({ status }) => status)),
    at: new Date().toISOString(),
    ...{ checks: [...checks], tenants, more, notification: null, cost: cost() },
  });
  const opened = await session.application(timeoutMs).catch((error: unknown) => ({ error }));
  if (!("error" in opened)) {
    let [looked, more] = [0, false];
    const select = async () => {
      const fleet = await selectFleet(session, selection);
      const tenants = fleet.slice(0, limit);
      [looked, more] = [tenants.length, fleet.length > tenants.length];
      return tenants;
    };
    const checks = await lookAtHealth(session, opened, { select, timeoutMs, minFree });
    return told(checks, looked, more);
  }
  const { code, message, causes } = factsOf(opened.error, session.catalogue);
  // A call that is wrong stays one.
  if (exitCodeOf(code) === exitCodes.usage) throw opened.error;
  const stopped: HealthCheck = {
    ...{ check: "application", subject: code, status: "unhealthy", milliseconds: 0 },
    ...{ message: [message, ...causes].join(" "), actions: ["af-tenancy doctor"] },
  };
  return told([stopped], 0, false);
}
