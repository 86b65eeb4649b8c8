import { connect, createServer } from "node:net";

/** A way to a server on which connections can be made to close slowly. */
export interface SlowDoor {
  readonly port: number;
  /** Milliseconds that the server seems to take to close a connection. */
  delay: number;
  close(): void;
}

/** Opens the door in front of a server. */
export async function slowDoor(host: string, port: number): Promise<SlowDoor> {
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const beyond = connect({ host, port, allowHalfOpen: true });
    client.setNoDelay(true);
    beyond.setNoDelay(true);
    client.pipe(beyond);
    beyond.pipe(client, { end: false });
    beyond.on("end", () => setTimeout(() => client.end(), door.delay));
    for (const socket of [client, beyond]) socket.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const door = {
    port: (server.address() as { readonly port: number }).port,
    delay: 0,
    close: () => void server.close(),
  };
  return door;
}
