import { connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** When a connection is broken: before the server hears of the statement, or before the client hears of its outcome. */
type Cut = "its request is lost" | "its reply is lost";

/** Stands between clients and a server, and resets a connection at a statement, as a dead network does. */
export interface ResettingProxy {
  readonly port: number;
  /**
   * Resets the connection that sends the n-th statement from now on that the pattern finds, and no other one; or calls
   * back once the statement is on its way.
   */
  arm(pattern: RegExp, cut: Cut | (() => void), nth?: number): void;
  /** How many connections were reset. */
  readonly resets: number;
  /** What clients sent until now, and how many bytes of answers they received. */
  traffic(): { readonly statements: readonly string[]; readonly received: number };
}

/** Starts a proxy before a server, for the time of the test. */
export async function resettingProxy(server: URL): Promise<ResettingProxy> {
  let armed:
    | { readonly pattern: RegExp; readonly cut: Cut | (() => void); left: number }
    | undefined;
  let resets = 0;
  let received = 0;
  const statements: string[] = [];
  const open = new Set<Socket>();

  function next(bytes: Buffer): Cut | (() => void) | undefined {
    if (!armed?.pattern.test(bytes.toString("latin1"))) return undefined;
    armed.left -= 1;
    if (armed.left > 0) return undefined;
    const { cut } = armed;
    armed = undefined;
    return cut;
  }

  const proxy = createServer((client) => {
    const upstream = connect(Number(server.port), server.hostname);
    const reset = () => {
      resets += 1;
      client.resetAndDestroy();
      upstream.resetAndDestroy();
    };
    let swallowing = false;
    for (const [socket, other] of [[client, upstream] as const, [upstream, client] as const]) {
      open.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => other.destroy());
    }
    client.on("data", (bytes) => {
      statements.push(bytes.toString("latin1"));
      const cut = next(bytes);
      if (cut === "its request is lost") return reset();
      if (cut === "its reply is lost") swallowing = true;
      upstream.write(bytes);
      if (typeof cut === "function") cut();
    });
    upstream.on("data", (bytes) => {
      if (swallowing) return reset();
      received += bytes.length;
      client.write(bytes);
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    proxy.close();
  });
  return {
    port: (proxy.address() as { readonly port: number }).port,
    arm(pattern, cut, nth = 1) {
      armed = { pattern, cut, left: nth };
    },
    traffic: () => ({ statements: [...statements], received }),
    get resets() {
      return resets;
    },
  };
}
