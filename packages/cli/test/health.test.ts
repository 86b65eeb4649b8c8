import { once } from "node:events";
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { outputs } from "../src/outputs/outputs.ts";
import { config, makeApplication } from "./support/application.ts";
import { listen } from "./support/listen.ts";
import { applicationHere, jsonHere, runHere } from "./support/run-here.ts";
import { startProcess } from "./support/run-process.ts";

it("S065: looks at everything, says what is wrong and which commands help, and exits with 1 for what is unhealthy", async () => {
  const folder = await applicationHere();
  const ask = async (argv: string) => {
    const words = ["health", ...argv.split(" ").filter(Boolean)];
    return outputs.health.parse(await jsonHere(words, folder)) as Health;
  };
  for (const slug of ["acme", "globex"]) await runHere(["tenant", "create", slug], folder);
  const data = join(folder, "data");

  const well = await runHere(["health"], folder);
  const healthy = await ask("--min-free 0");
  const full = await ask("--min-free 100 --limit 1");
  for (const name of readdirSync(data).filter((one) => one.startsWith("t_"))) {
    renameSync(join(data, name), join(folder, name));
  }
  const broken = await ask("--min-free 0");
  const one = await runHere(["health", "--tenants", "acme", "--quiet"], folder);

  expect([well.code, well.stdout]).toEqual([0, expect.stringContaining("registry  It answers.")]);
  expect(healthy).toMatchObject({ status: "healthy", tenants: 2, more: false });
  expect(healthy.checks.map(({ check, subject, status }) => [check, subject, status])).toEqual([
    ["application", null, "healthy"],
    ["registry", null, "healthy"],
    ["servers", null, "healthy"],
    ["databases", "sqlite default", "healthy"],
    ["storage", data, "healthy"],
    ["memory", null, "healthy"],
  ]);
  expect(full).toMatchObject({ status: "warning", tenants: 1, more: true });
  expect(full.checks.filter(({ status }) => status === "warning")).toMatchObject([
    { check: "storage", actions: [`df -h '${data}'`] },
    { check: "memory", actions: ["free -m"] },
  ]);
  expect(broken.status).toBe("unhealthy");
  expect(broken.checks.filter(({ status }) => status !== "healthy")).toMatchObject([
    {
      check: "databases",
      message: expect.stringContaining("Out of order: 2 of 2"),
      actions: [expect.stringMatching(/^af-tenancy doctor --tenants (acme,globex|globex,acme)$/)],
    },
  ]);
  expect(one).toMatchObject({ code: 1, stdout: "unhealthy\n" });
});

it("S065: watches, tells each change to a webhook, and keeps a page in which nothing runs", async () => {
  const name = "<img src=x onerror=alert(1)>";
  const folder = await applicationHere({
    "tenancy.config.ts": config().replace("folder: data", `folder: data + "/${name}"`),
  });
  await runHere(["tenant", "create", "acme"], folder);
  const [file = ""] = readdirSync(join(folder, "data", name)).filter((one) =>
    one.endsWith(".sqlite"),
  );
  const [here, away] = [join(folder, "data", name, file), join(folder, file)];
  renameSync(here, away);
  const posted: Health[] = [];
  const url = await listen((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      if (posted.push(JSON.parse(body)) === 1) renameSync(away, here); // somebody mends it
      response.end();
    });
  });
  const environment = { HOOK: `${url}/hidden-token` };
  const page = join(folder, "health.html");
  const flags = ["--min-free", "0", "--watch", "1", "--rounds", "3", "--html", "health.html"];
  const watched = await runHere(
    ["health", ...flags, "--webhook-from", "HOOK", "--json"],
    folder,
    environment,
  );

  const looks = watched.stdout
    .trim()
    .split("\n")
    .map((line) => outputs.health.parse(JSON.parse(line)));
  expect(looks).toMatchObject([
    { status: "unhealthy", notification: { sent: true, error: null } },
    { status: "healthy", notification: { sent: true, error: null } },
    { status: "healthy", notification: null },
  ]);
  expect(posted).toMatchObject([
    { status: "unhealthy", previous: null, text: expect.stringContaining("is not there") },
    { status: "healthy", previous: "unhealthy" },
  ]);
  expect(watched.stdout).not.toContain("hidden-token");
  expect(readFileSync(page, "utf8")).toContain("<h1>Health: healthy</h1>");
  expect(readFileSync(page, "utf8")).toContain("&#60;img src=x onerror=alert(1)&#62;");
  expect(readFileSync(page, "utf8")).not.toContain("<img");
});

it("S065: says that nobody could be notified, and refuses what cannot be an address", async () => {
  const folder = await applicationHere();
  const ask = (...argv: string[]) => runHere(["health", "--min-free", "100", ...argv], folder);

  const refusing = await listen((_request, response) => response.writeHead(500).end());
  const unheard = await ask("--webhook", "http://127.0.0.1:1/hook", "--json");
  const refused = await ask("--webhook", refusing);

  expect([unheard.code, JSON.parse(unheard.stdout)]).toMatchObject([
    1,
    { status: "warning", notification: { sent: false, error: "ECONNREFUSED" } },
  ]);
  expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining("HTTP 500")]);
  const noFolder = await ask("--html", "none/health.html");
  expect([noFolder.code, noFolder.stderr]).toEqual([
    2,
    expect.stringContaining('The page "none/health.html" cannot be written'),
  ]);
  expect((await ask("--tenants=")).stderr).toContain("--tenants has no value");
  for (const wrong of [
    ["--webhook", "ftp://x"],
    ["--webhook-from", "NOT_SET"],
    ["--rounds", "2"],
    ["--tenants", "nobody"],
  ]) {
    expect(await ask(...wrong), wrong.join(" ")).toMatchObject({ code: 2, stdout: "" });
  }
});

it("S065 F140: the built command watches until it is stopped, and ends by itself where nothing starts", async () => {
  const folder = await makeApplication({ "tenancy.config.ts": config() });
  const { child, ended } = await startProcess(["health", "--watch", "600"], { folder });
  await once(child.stdout ?? child, "data");
  child.kill("SIGINT");
  const stopped = await ended;

  const dead = await runHere(["health", "--watch", "600", "--json"], await withoutRegistry());

  expect([stopped.code, stopped.stdout]).toEqual([130, expect.stringContaining("healthy  ")]);
  expect([dead.code, JSON.parse(dead.stdout)]).toMatchObject([
    1,
    { status: "unhealthy", checks: [{ check: "application", actions: ["af-tenancy doctor"] }] },
  ]);
});

/** An application whose registry is no database. */
async function withoutRegistry(): Promise<string> {
  const folder = await applicationHere();
  writeFileSync(join(folder, "data/registry.sqlite"), "this is no database, whatever it is called");
  return folder;
}

interface Health {
  readonly status: string;
  readonly tenants: number;
  readonly checks: readonly {
    readonly check: string;
    readonly subject: string | null;
    readonly status: string;
    readonly message: string;
    readonly actions: readonly string[];
  }[];
}
