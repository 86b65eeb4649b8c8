import { type OwnServer, startOwnServer } from "./own-server.ts";
import { admin } from "./server.ts";

/** A server of a test file's own, and one that follows it. */
export interface ReplicatedServer {
  readonly primary: OwnServer;
  readonly replica: OwnServer;
  /** Resolves once everything that stands on the primary now can be read on the replica. */
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts both. */
export async function startReplicatedServer(): Promise<ReplicatedServer> {
  const primary = await startOwnServer("--server-id=1", "--log-bin=binlog");
  const replica = await startOwnServer("--server-id=2", "--read-only=1");
  const follow = [
    `change master to master_host = '127.0.0.1', master_port = ${primary.port}, master_user = 'root'`,
    "master_password = '', master_connect_retry = 1, master_use_gtid = slave_pos; start slave",
  ];
  await admin(follow.join(", "), undefined, replica.port);
  return {
    ...{ primary, replica },
    async stop() {
      await replica.stop();
      await primary.stop();
    },
    async caughtUp() {
      const [row] = await admin<{ readonly position: string }>(
        "select @@gtid_binlog_pos as position",
        undefined,
        primary.port,
      );
      await admin(`select master_gtid_wait('${row?.position}', 20)`, undefined, replica.port);
    },
  };
}
