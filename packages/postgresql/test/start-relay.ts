import { connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { server } from "./server.ts";

/** Stands between a client and the server, and can break off as a dead network does. */
export async function startRelay({ late = 0 } = {}) {
  let bytes = 0;
  const open = new Set<Socket>();
  const clients = new Set<Socket>();
  const relay = createServer((client) => {
    const upstream = connect(server.port, server.host);
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on("error", () => {});
    }
    clients.add(client);
    client.on("data", (chunk) => {
      bytes += chunk.length;
    });
    client.pipe(upstream);
    if (late === 0) upstream.pipe(client);
    // The last six bytes of an answer say how the transaction stands.
    else
      upstream.on("data", (chunk) => {
        client.write(chunk.subarray(0, -6));
        setTimeout(() => client.write(chunk.subarray(-6)), late);
      });
  });
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    relay.close();
    for (const socket of open) socket.destroy();
  });
  return {
    port: (relay.address() as { port: number }).port,
    bytes: () => bytes,
    /** Lets nothing through to the server any more on the connections that there are; its answers come. */
    fallDeaf() {
      for (const socket of clients) socket.unpipe().pause();
    },
    /** Lets nothing through any more on the connections that there are. */
    fallSilent() {
      for (const socket of open) socket.unpipe().pause();
    },
    reset() {
      for (const socket of open) socket.resetAndDestroy();
      open.clear();
    },
  };
}
