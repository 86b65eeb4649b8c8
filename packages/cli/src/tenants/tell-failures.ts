import type { Session } from "../command/session.ts";
import { slugsOf } from "../migrations/planned.ts";
import { errorText } from "../report-error.ts";
import { write } from "../terminal/write.ts";

/**
 * Tells on stderr, when the command ends, what failed for whom with everything that caused it: what drivers say is kept
 * nowhere, and only the process that ran it can tell.
 */
export async function tellFailures({
  application,
  atEnd,
  settings,
  catalogue,
  terminal,
}: Session): Promise<void> {
  const { tenancy } = await application();
  const failures = new Map<unknown, string[]>();
  tenancy.events.on("failure", ({ error, tenantId }) => {
    // Tenants that share tables fail by one error.
    failures.set(error, [...(failures.get(error) ?? []), ...(tenantId === null ? [] : [tenantId])]);
  });
  atEnd(async () => {
    const slugOf = await slugsOf(tenancy, [...failures.values()].flat());
    for (const [error, ids] of failures) {
      const text = errorText(error, catalogue, terminal, settings.json);
      const owners = settings.json || ids.length === 0 ? "" : `${ids.map(slugOf).join(", ")}  `;
      await write(terminal.stderr, owners + text);
    }
  });
}
