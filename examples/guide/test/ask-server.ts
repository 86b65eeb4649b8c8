import { once } from "node:events";
import { request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

/** Lets a server listen until the test is over, and gives the function that asks it for a path on a host. */
export async function askServer(
  server: Server,
): Promise<
  (host: string, path: string, headers?: Record<string, string | string[]>) => Promise<string>
> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return async (host, path, headers = {}) => {
    const sent = request({ port, host: "127.0.0.1", path, headers: { ...headers, host } }).end();
    const [response] = await once(sent, "response");
    return `${response.statusCode} ${await text(response)}`;
  };
}
