import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import { outputs } from "../src/outputs/outputs.ts";
import { config } from "./support/application.ts";
import { applicationHere, jsonHere, runHere } from "./support/run-here.ts";

/** Milliseconds where the machine is busy. */
const patient = 120_000;

it("S061: a dry run refuses the name of another tenant's database as the call itself does", async () => {
  const folder = await applicationHere();
  const tell = (argv: string) => jsonHere(argv.split(" "), folder);
  await tell("tenant create acme --database-name kept");
  await tell("tenant create globex");

  const refused = [];
  for (const argv of [
    "tenant create initech --database-name kept",
    "tenant clone globex initech --database-name kept",
  ]) {
    refused.push(await tell(`${argv} --dry-run`), await tell(argv));
  }
  const free = await tell("tenant create initech --database-name free --dry-run");

  for (const one of refused) {
    expect(one).toMatchObject({ code: 1, error: { error: { code: "DATABASE_OWNED" } } });
  }
  expect(free).toMatchObject({ dryRun: true, changes: [{ tenant: "initech" }] });
});

it("S061: a dry run refuses to adopt where the call itself does, because tenants share tables", async () => {
  const folder = await applicationHere({
    "tenancy.config.ts": config().replace(
      "entities: [Note]",
      'entities: [Note], strategies: ["row"]',
    ),
  });

  const refused = await Promise.all([
    jsonHere(["tenant", "adopt", "acme", "old", "--dry-run"], folder),
    jsonHere(["tenant", "adopt", "acme", "old"], folder),
  ]);

  for (const one of refused) {
    expect(one).toMatchObject({
      code: 2,
      error: { error: { message: expect.stringContaining("adopts no such database") } },
    });
  }
});

it(
  "F140: who stops the making of a tenant is told what goes on with it, and whose name a take-over changed is told so",
  async () => {
    const folder = await applicationHere({ "tenancy.config.ts": config(options, step) });
    const at = (name: string) => join(folder, name);
    const create = "tenant create acme --database-name wished --key one".split(" ");
    writeFileSync(at("hangs"), "");
    const stop = new AbortController();
    const running = runHere(create, folder, {}, stop.signal);
    await vi.waitFor(() => expect(existsSync(at("reached"))).toBe(true), 60_000);
    stop.abort();
    const interrupted = await running;
    rmSync(at("hangs"));
    await sleep(1_100);
    const again = await runHere(create, folder);
    const told = await jsonHere(create, folder);
    const plain = await runHere("tenant create globex --database-name own".split(" "), folder);

    expect(interrupted.code).toBe(130);
    expect(interrupted.stderr).toMatch(/with a --key the same call .*`af-tenancy repair`/);
    expect(again.code).toBe(0);
    expect(again.stdout).toMatch(/Its database is "\S+" and not "wished"/);
    expect(outputs.change.parse(told)).toMatchObject({ changes: [], tenants: [{ slug: "acme" }] });
    expect(plain.stdout).not.toContain("Its database is");
  },
  patient,
);

it(
  "S061: for a tenant that cannot be made to the end repair, doctor and errors name the one way out",
  async () => {
    const folder = await applicationHere({ "tenancy.config.ts": config(options, step) });
    const tell = (argv: string) => runHere(argv.split(" "), folder);
    writeFileSync(join(folder, "fails"), "");
    const failed = await tell("tenant create acme");
    const wayOut = "af-tenancy tenant purge";

    const repaired = await tell("repair");
    const found = await tell("doctor");
    const { stdout: plan } = await tell("tenant purge acme --skip-grace --dry-run --quiet");
    const refused = await tell("tenant purge acme --dry-run");
    const purged = await tell(`tenant purge acme --skip-grace --yes --plan ${plan.trim()}`);

    for (const said of [failed.stderr, repaired.stdout, found.stdout]) {
      expect(said).toContain(wayOut);
      expect(said).toContain("--skip-grace");
    }
    expect(repaired.code).toBe(1);
    expect(`${refused.stdout}${refused.stderr}`).toContain("was never made to the end");
    expect(purged).toMatchObject({ code: 0, stdout: expect.stringContaining("for good: 1") });
  },
  patient,
);

const options = "leaseMs: 1_000, retryMs: 0, creation: { tenant: [mail] }";

/** A step of the application's own that hangs or fails while a file says so. */
const step = `
import { existsSync, writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
const at = (name) => import.meta.dirname + "/" + name;
const mail = {
  name: "mail",
  async run({ signal }) {
    if (existsSync(at("fails"))) throw new Error("no mail server");
    writeFileSync(at("reached"), "");
    while (existsSync(at("hangs"))) await setTimeout(20, undefined, { signal });
  },
};
`;
