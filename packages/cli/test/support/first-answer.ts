import { spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";

/** Starts a server of a project with Node alone, on a port that is free, and gives that; it ends with the test. */
export async function startServer(folder: string, file: string): Promise<number> {
  const port = await freePort();
  const child = spawn(process.execPath, [file], {
    ...{ cwd: folder, env: { ...process.env, PORT: String(port) } },
    stdio: ["ignore", "ignore", "inherit"],
  });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  });
  return port;
}

/** Asks for a tenant's notes, until the server is there; gives status and body. */
export async function answerOf(port: number, host: string): Promise<[number, string]> {
  for (let tries = 0; ; tries++) {
    try {
      return await asked(port, host);
    } catch (error) {
      if (tries === 600) throw error;
      await sleep(50);
    }
  }
}

function asked(port: number, host: string): Promise<[number, string]> {
  return new Promise((resolve, reject) => {
    const call = request({ port, path: "/notes", headers: { host } }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        body += chunk;
      });
      response.on("end", () => resolve([response.statusCode ?? 0, body]));
    });
    call.on("error", reject).end();
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
