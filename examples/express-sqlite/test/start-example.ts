import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

/** An answer as a client sees it; JSON bodies are parsed. */
interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The example, running in a process of its own. */
export interface RunningExample {
  readonly output: string;
  /** An empty host or type sends none. */
  ask(host: string, path: string, body?: string, type?: string): Promise<Answer>;
  end(signal: "SIGKILL" | "SIGTERM"): Promise<number | null>;
}

/** Starts the example on a free port and waits until it has printed its URLs. */
export async function startExample(folder: string): Promise<RunningExample> {
  const port = await freePort();
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, PORT: String(port), DATA_DIR: folder },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const output = await printed(child);
  return {
    output,
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

async function printed(child: ChildProcess): Promise<string> {
  let text = "";
  for await (const chunk of child.stdout ?? []) {
    text += chunk;
    if (text.includes("Ctrl-C")) return text;
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
