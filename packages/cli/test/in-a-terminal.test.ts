import { expect, it } from "vitest";
import { config, makeApplication } from "./support/application.ts";
import { listen } from "./support/listen.ts";
import { runHere } from "./support/run-here.ts";
import { type Answers, runInTerminal } from "./support/run-process.ts";

const enter = "\r";

it("S059 S066: asks for a new tenant, whether its names are free, and draws a table of colours and lines", async () => {
  const folder = await makeApplication({ "tenancy.config.ts": config() });
  await runHere(["tenant", "create", "globex"], folder);

  const created = await runInTerminal(["tenant", "create"], { folder }, [
    [/Slug/, `globex${enter}`],
    [/belongs to another tenant/, `acme${enter}`],
    [/Name/, `Acme Corporation${enter}`],
    [/Domains/, `acme.example.com, www.acme.com${enter}`],
    [/home page/, `y`],
  ]);
  const listed = await runInTerminal(["tenant", "list"], { folder });
  const shown = await runHere(["tenant", "show", "www.acme.com", "--json"], folder);

  expect(created.screen).toContain('Tenant "acme" is active');
  expect(created.screen).toContain("\u001b[32m");
  expect(created.code).toBe(0);
  expect(listed.screen).toContain("│ Acme Corporation");
  expect(JSON.parse(shown.stdout)).toMatchObject({
    tenant: { slug: "acme", homepage: true },
    domains: [{ name: "acme.example.com", primary: true }, { name: "www.acme.com" }],
  });
});

it("F139 F140: asks before it deletes: no leaves everything, Ctrl-C and Ctrl-D are 130, and a purge wants the name typed", async () => {
  const folder = await makeApplication({ "tenancy.config.ts": config() });
  await runHere(["tenant", "create", "acme"], folder);

  const declined = await runInTerminal(["tenant", "delete", "acme"], { folder }, [[/Delete/, "n"]]);
  const stopped = await runInTerminal(["tenant", "delete", "acme"], { folder }, [
    [/Delete/, "\u0003"],
  ]);
  const ended = await runInTerminal(["tenant", "delete", "acme"], { folder }, [
    [/Delete/, "\u0004"],
  ]);
  const mistyped = await runInTerminal(["tenant", "purge", "acme", "--skip-grace"], { folder }, [
    [/Type acme/, `acne${enter}`],
  ]);
  const chosen = await runInTerminal(["tenant", "delete"], { folder }, [
    [/Which tenant/, enter],
    [/Delete/, "y"],
  ]);
  const purged = await runInTerminal(["tenant", "purge", "acme", "--skip-grace"], { folder }, [
    [/Type acme/, `acme${enter}`],
  ]);

  expect([declined.code, stopped.code, mistyped.code]).toEqual([2, 130, 2]);
  expect([ended.code, ended.screen]).toEqual([130, expect.stringContaining("INTERRUPTED")]);
  expect(chosen.code).toBe(0);
  expect(chosen.screen).toContain("is deleted");
  expect(purged.screen).toContain("Removed for good: 1.");
  expect(purged.code).toBe(0);
});

it("S048 S065: what looks after the fleet asks before it empties, draws in colours, and is stopped by Ctrl-C", async () => {
  const folder = await makeApplication({ "tenancy.config.ts": kept });
  await runHere(["tenant", "create", "acme"], folder);
  const at = await listen((_request, response) => response.end(JSON.stringify(pools)));
  const screen = (argv: string, answers?: Answers) =>
    runInTerminal(argv.split(" "), { folder }, answers);
  const clear = "cache clear --only application";

  const [declined, cleared, stats, pool] = await Promise.all([
    screen(clear, [[/Clear the caches/, "n"]]),
    screen(clear, [[/Clear the caches/, "y"]]),
    screen("cache stats"),
    screen(`pool stats --url ${at}`),
  ]);
  const [watched, doctor] = await Promise.all([
    screen("health --min-free 0 --watch 600", [[/memory/, "\u0003"]]),
    screen("doctor"),
  ]);
  const isolation = await screen("test isolation");

  const green = "\u001b[32m";
  expect([declined.code, cleared.code, watched.code]).toEqual([2, 0, 130]);
  expect(declined.screen).not.toContain("Done:");
  expect(cleared.screen).toContain(`${green}Done: 1, failed: 0`);
  expect(stats.screen).toContain("\u001b[2mThe application shares no look-ups");
  expect(pool.screen).toContain("│ t-acme │ 1 ");
  expect(pool.screen).toContain('\u001b[31m  "t_globex" could not be opened');
  expect(watched.screen).toContain(`${green}healthy    databases sqlite default`);
  expect(watched.screen).toContain("INTERRUPTED");
  expect(doctor.screen).toContain(`${green}Nothing is wrong.`);
  for (const surface of ["database", "cache   "]) {
    expect(isolation.screen).toContain(`${green}${surface}  isolated`);
  }
  expect([stats, pool, doctor, isolation].map(({ code }) => code)).toEqual([0, 0, 0, 0]);
});

it("S066: a group without a verb lets somebody choose it, down to the command, which asks on", async () => {
  const folder = await makeApplication({ "tenancy.config.ts": config() });
  const screen = (group: string, answers: Answers) => runInTerminal([group], { folder }, answers);

  const [chosen, left] = await Promise.all([
    screen("tenant", [
      [/Creates, shows, changes/, `\u001b[A${enter}`], // the last one is a group
      [/Makes many tenants/, `\u001b[B${enter}`], // shown by the second menu alone
      [/Remove 0 tenants/, "n"],
    ]),
    screen("cache", [[/What is remembered/, "\u0003"]]),
  ]);
  const piped = await runHere(["tenant"], folder);

  expect([chosen.code, left.code]).toEqual([2, 130]);
  expect(left.screen).toContain("INTERRUPTED");
  expect([piped.code, piped.stdout]).toEqual([0, expect.stringContaining("COMMANDS")]);
});

/** Caches that are each tenant's own, without a server. */
const kept = config("", 'import { TENANT_CACHES } from "@af-tenancy/core";').replace(
  "databases,\n",
  `databases,
    bootstrappers: [{
      name: "cache",
      bootstrap: (scope) => scope.provide(TENANT_CACHES, () => {
        const kept = new Map();
        const cache = { set: async (key, value) => kept.set(key, value), get: async (key) => kept.get(key), clear: async () => kept.clear() };
        return { cache: () => cache };
      }),
    }],
`,
);

/** What a route of the application answers with. */
const pools = [
  {
    ...{ driver: "postgresql", server: "default", limit: 20, open: 1, opening: 0, closing: 0 },
    ...{ leased: 0, waiting: 0, leases: 4, opened: 1, reuse: 0.75, exhausted: 0 },
    tenants: [{ tenantId: "t-acme", open: 1, leased: 0, waiting: 0, leases: 4, opened: 1 }],
    failing: [{ tenantId: "t-globex", name: "t_globex", breaker: "open" }],
  },
];
