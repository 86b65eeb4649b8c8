import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const app = fileURLToPath(new URL("../src/app.ts", import.meta.url));

it("S057: the first application serves its tenant with nothing configured", {
  timeout: 60_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), "first-app-"));
  const port = await freePort();
  const child = spawn(process.execPath, [app], {
    cwd: folder,
    env: { ...process.env, PORT: String(port) },
    stdio: ["ignore", "ignore", "inherit"],
  });

  try {
    expect(await firstAnswer(port, "acme.localhost")).toEqual({ status: 200, text: "[]" });
    expect(await ask(port, "nobody.localhost")).toMatchObject({ status: 404 });
    expect(await ask(port, "localhost")).toMatchObject({ status: 400 });
  } finally {
    child.kill("SIGKILL");
    await once(child, "exit");
    await rm(folder, { recursive: true });
  }
});

async function firstAnswer(port: number, host: string) {
  for (let attempt = 0; ; attempt++) {
    try {
      return await ask(port, host);
    } catch (error) {
      if (attempt === 300) throw error;
      await wait(100);
    }
  }
}

function ask(port: number, host: string) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const path = "/notes";
    const sent = request({ port, host: "127.0.0.1", path, headers: { host } }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on("error", reject);
    sent.end();
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}
