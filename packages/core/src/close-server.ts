import type { Clock } from "./contracts/clock.ts";

/** What a server of `node:http` can do so that it stops. */
export interface ClosableServer {
  readonly listening: boolean;
  close(closed: () => void): object;
  closeIdleConnections(): void;
  closeAllConnections(): void;
  prependListener(
    event: "request",
    listener: (request: object, response: { shouldKeepAlive: boolean }) => void,
  ): object;
}

/**
 * Has a server take no new connections and waits until those it has are through with their requests; what is still open
 * after `graceMs` is cut off. A connection that asks once more meanwhile is told that it is closed with the answer.
 */
export async function closeServer(
  server: ClosableServer,
  clock: Clock,
  graceMs: number,
): Promise<void> {
  if (!server.listening) return;
  server.prependListener("request", (_request, response) => {
    response.shouldKeepAlive = false;
  });
  const stop = new AbortController();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const idle = closeIdle(server, clock, graceMs, stop.signal);
  await Promise.race([closed, idle]);
  stop.abort();
  server.closeAllConnections();
}

/** Connections become idle one by one, and their clients would keep them open. */
async function closeIdle(
  server: ClosableServer,
  clock: Clock,
  graceMs: number,
  signal: AbortSignal,
): Promise<void> {
  const pause = Math.min(100, graceMs);
  for (let waited = 0; waited < graceMs; waited += pause) {
    try {
      await clock.sleep(pause, signal);
    } catch {
      return; // the server is closed
    }
    server.closeIdleConnections();
  }
}
