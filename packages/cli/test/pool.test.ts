import { join } from "node:path";
import { createTenancy } from "@af-tenancy/core";
import { expect, it, onTestFinished } from "vitest";
import { outputs } from "../src/outputs/outputs.ts";
import { listen } from "./support/listen.ts";
import { applicationHere, runHere } from "./support/run-here.ts";

it("asks each process of the application what its pools hold, and tells which it could not ask", async () => {
  const folder = await applicationHere();
  await runHere(["tenant", "create", "acme"], folder);
  const { default: make } = await import(join(folder, "tenancy.config.ts"));
  const options = make();
  const tenancy = createTenancy(options);
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  await tenancy.run({ by: "slug", value: "acme" }, () =>
    options.databases.em().execute("select 1"),
  );
  const tokens: unknown[] = [];
  const at = await listen((request, response) => {
    tokens.push(request.headers.authorization);
    if (request.url === "/moved") response.writeHead(302, { location: "/pools" });
    response.end(request.url === "/html" ? "<p>Hello" : JSON.stringify(options.databases.stats()));
  });
  const environment = { POOLS_TOKEN: "let-me-see-pools" };
  const ask = (...words: string[]) => runHere(["pool", "stats", ...words], folder, environment);

  const one = await ask("--url", `${at}/pools`, "--token-from", "POOLS_TOKEN", "--json");
  const shown = await ask("--url", `${at}/pools`);
  const some = await ask("--url", `${at}/pools,${at}/html`, "--json");
  const none = await ask("--url", `${at}/moved,http://127.0.0.1:1/pools`);

  const acme = await tenancy.find({ by: "slug", value: "acme" });
  expect(one.code).toBe(0);
  expect(outputs.pools.parse(JSON.parse(one.stdout))).toMatchObject({
    processes: [
      {
        servers: [
          {
            driver: "sqlite",
            limit: 500,
            open: 1,
            leased: 0,
            tenants: [{ tenantId: acme?.id, open: 1 }],
          },
        ],
        error: null,
      },
    ],
  });
  expect(tokens[0]).toBe("Bearer let-me-see-pools");
  expect(shown.stdout).toContain("open 1 of 500, in use 0, waiting 0");
  expect(some.code).toBe(3);
  expect(JSON.parse(some.stdout).processes[1]).toMatchObject({
    error: expect.stringContaining("db.stats()"),
  });
  expect(none.code).toBe(1);
  expect(none.stdout).toMatch(/answers with 302(.|\n)*ECONNREFUSED/);
  for (const wrong of [
    [],
    ["--url", "file:///etc/passwd"],
    ["--url", at, "--token-from", "NONE"],
  ]) {
    expect(await ask(...wrong)).toMatchObject({ code: 2, stdout: "" });
  }
});
