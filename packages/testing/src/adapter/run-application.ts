import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { AdapterApplication, AdapterHarness } from "./adapter-harness.ts";
import { type Answer, ask, type SentRequest } from "./ask.ts";

/** An application that listens on a free port of this machine. */
export interface RunningApplication {
  readonly server: Server;
  readonly port: number;
  /** Sends one request on a connection of its own. */
  ask(host: string, path: string, options?: SentRequest): Promise<Answer>;
}

/** Has a harness make an application and lets it listen until the test is over. */
export async function runApplication(
  harness: AdapterHarness,
  application: AdapterApplication,
): Promise<RunningApplication> {
  const { server, close } = await harness.serve(application);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await close?.();
  });
  const { port } = server.address() as AddressInfo;
  return { server, port, ask: (host, path, options) => ask(port, host, path, options) };
}
