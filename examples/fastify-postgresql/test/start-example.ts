import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { createServer } from "node:net";

/** An answer as a client sees it; JSON bodies are parsed. */
interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The example, running in a process of its own. */
export interface RunningExample {
  readonly output: string;
  readonly port: number;
  /** An empty host or type sends none. */
  ask(host: string, path: string, body?: string, type?: string): Promise<Answer>;
  end(signal: "SIGKILL" | "SIGTERM"): Promise<number | null>;
}

/** Starts an example on a free port and waits until it has printed a sign of being ready. */
export async function startExample(
  main: string,
  settings: Readonly<Record<string, string>>,
  sign = "Ctrl-C",
): Promise<RunningExample> {
  const port = await freePort();
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, PORT: String(port), ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const output = await printed(child, sign);
  return {
    output,
    port,
    ask: (host, path, body, type) => ask(port, host, path, body, type),
    async end(signal) {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, "exit");
        child.kill(signal);
        await exited;
      }
      return child.exitCode;
    },
  };
}

async function printed(child: ChildProcess, sign: string): Promise<string> {
  let text = "";
  for await (const chunk of child.stdout ?? []) {
    text += chunk;
    if (text.includes(sign)) return text;
  }
  throw new Error(`The example ended before it was ready: ${text}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

function ask(
  port: number,
  host: string,
  path: string,
  body?: string,
  type = "application/json",
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers: Record<string, string> = host === "" ? {} : { host };
    if (body !== undefined && type !== "") headers["content-type"] = type;
    const method = body === undefined ? "GET" : "POST";
    const target = { port, host: "127.0.0.1", path, method, headers, setHost: false };
    const sent = request(target, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }),
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
