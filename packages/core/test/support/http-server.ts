import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { outsideTenancy, type RequestExchange, type Tenancy } from "../../src/index.ts";
import { requestTo } from "./exchange.ts";

/** A real HTTP server on a port of its own. */
export interface TestServer {
  /** Sends requests to these paths over one socket, all at once or each after the answer before; gives the bodies. */
  get(paths: readonly string[], how: "pipelined" | "kept alive"): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Serves requests until it is closed. */
export async function serve(listener: RequestListener): Promise<TestServer> {
  const server = outsideTenancy(() => createServer(listener));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    get: (paths, how) => ask(port, paths, how),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers every request through the tenancy with what `body` gives, as an adapter would. */
export function answerWith(tenancy: Tenancy, body: () => Promise<string>): RequestListener {
  return (request, response) => {
    const exchange: RequestExchange<Promise<void>> = {
      request: requestTo(request.url ?? "/"),
      mode: "tenant",
      next: async () => void response.end(`${await body()}\n`),
      onClosed: (listener) => void response.on("close", () => listener(!response.writableFinished)),
    };
    void Promise.resolve(tenancy.handle(exchange)).catch((error: unknown) => {
      response.statusCode = 500;
      response.end(`${String(error)}\n`);
    });
  };
}

function ask(port: number, paths: readonly string[], how: "pipelined" | "kept alive") {
  return new Promise<readonly string[]>((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let text = "";
    let sent = 0;
    const send = (): void => {
      socket.write(`GET ${paths[sent]} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      sent++;
    };
    socket.setEncoding("utf8").on("error", reject);
    socket.on("connect", () => {
      if (how === "pipelined") for (const _ of paths) send();
      else send();
    });
    socket.on("data", (chunk) => {
      text += chunk;
      const bodies = [...text.matchAll(/\r\n\r\n(?:[0-9a-f]+\r\n)?([^\r\n]*)\n/g)];
      if (bodies.length === paths.length) {
        socket.destroy();
        resolve(bodies.map(([, body]) => body ?? ""));
      } else if (how === "kept alive" && bodies.length === sent) send();
    });
  });
}
