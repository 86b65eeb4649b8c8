import { connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { server } from "./server.ts";

/** Stands between a client and the server; can cut all connections at once, as a firewall does, or fall silent. */
export async function startRelay() {
  const open = new Set<Socket>();
  const relay = createServer((client) => {
    const upstream = connect(server.port, server.host);
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on("error", () => upstream.destroy());
    }
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  const reset = () => {
    for (const socket of open) socket.resetAndDestroy();
    open.clear();
  };
  onTestFinished(() => {
    relay.close();
    reset();
  });
  return {
    port: (relay.address() as { port: number }).port,
    reset,
    /** Lets nothing through any more on the connections that there are. */
    fallSilent() {
      for (const socket of open) socket.unpipe().pause();
    },
  };
}
