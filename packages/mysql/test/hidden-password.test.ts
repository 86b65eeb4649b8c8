import { inspect } from "node:util";
import { expect, it } from "vitest";
import { startSite } from "./fleet.ts";
import { admin, missing, server, uniqueName } from "./server.ts";

it.skipIf(missing)("shows no password of a tenant's user that could not be made", async () => {
  const user = uniqueName("admin");
  await admin(`create user ${user} identified by 'secret'; grant create, select on *.* to ${user}`);
  try {
    const connection = { ...server, user, password: "secret" };
    const { db, place } = await startSite({ connection, users: true });
    const { id: tenantId, placement } = place("acme");

    const made = db.manager(placement).create({ tenantId, placement });
    const error = await made.catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code: "DATABASE_REFUSED" });
    expect(inspect(error, { depth: 9 })).not.toContain("identified by");
  } finally {
    await admin(`drop user ${user}`);
  }
});
