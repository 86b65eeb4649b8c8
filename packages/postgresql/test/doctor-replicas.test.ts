import type { Finding } from "@af-tenancy/database";
import type { PostgresqlReplicaSettings } from "@af-tenancy/postgresql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startFleet } from "./fleet.ts";
import { type OwnReplica, startOwnReplica } from "./own-replica.ts";
import { canStartServer, type OwnServer, startOwnServer } from "./own-server.ts";
import { server, withServer } from "./server.ts";

const why = canStartServer ? "" : " (skipped: PostgreSQL's programs are not installed)";

describe.skipIf(!canStartServer)(`the doctor at read replicas${why}`, { timeout: 60_000 }, () => {
  let primary: OwnServer;
  let standby: OwnReplica;
  beforeAll(async () => {
    primary = await startOwnServer();
    standby = await startOwnReplica(primary);
  }, 60_000);
  afterAll(async () => {
    await standby.stop();
    await primary.stop();
  });

  it("S023: finds nothing wrong with a standby of the server", async () => {
    expect(await examine([{ port: standby.port }])).toEqual([]);
  });

  it("S023: finds one that cannot be reached, and looks at the others", async () => {
    const findings = await examine([{ port: 1 }, { name: "other", port: standby.port }]);

    expect(subjects(findings)).toEqual([
      ["doctor/unreachable", 'postgresql replica "default/replica1"'],
    ]);
  });

  it("S023: finds one that could be written to", async () => {
    const findings = await examine([{ host: "localhost" }]);

    expect(subjects(findings)).toEqual([
      ["postgresql/replica-writable", 'replica "default/replica1"'],
    ]);
  });

  it.skipIf(withServer !== "")(`S023: finds a standby of another server${withServer}`, async () => {
    const { host, port, user, password = "" } = server;
    const replicas = [{ port: standby.port, user: primary.user, password: primary.password }];

    const findings = await examine(replicas, { host, port, user, password });

    expect(subjects(findings)).toEqual([
      ["postgresql/replica-of-another", 'replica "default/replica1"'],
    ]);
  });

  it("S023: reckons a replica's connections by its own budget and limits", async () => {
    const wide = await examine([{ port: standby.port, maxConnections: 18 }]);
    const within = await examine([{ port: standby.port, maxConnections: 17 }]);

    expect(subjects(wide)).toEqual([["postgresql/connection-limit", 'server "default/replica1"']]);
    expect(within).toEqual([]);
  });

  async function examine(
    replicas: readonly PostgresqlReplicaSettings[],
    login: Pick<OwnServer, "host" | "port" | "user" | "password"> = primary,
  ): Promise<readonly Finding[]> {
    const { host, port, user, password } = login;
    const connection = { host, port, user, password, replicas };
    const { db, acme } = await startFleet({ connection, strategy: "schema" });
    return db.doctor({ tenants: [acme] });
  }
});

function subjects(findings: readonly Finding[]): string[][] {
  return findings.map(({ check, subject }) => [check, subject]);
}
