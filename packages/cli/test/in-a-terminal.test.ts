import { expect, it } from "vitest";
import { config, makeApplication } from "./support/application.ts";
import { runHere } from "./support/run-here.ts";
import { runInTerminal } from "./support/run-process.ts";

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

it("F139 F140: asks before it deletes: no leaves everything, Ctrl-C is 130, and a purge wants the name typed", async () => {
  const folder = await makeApplication({ "tenancy.config.ts": config() });
  await runHere(["tenant", "create", "acme"], folder);

  const declined = await runInTerminal(["tenant", "delete", "acme"], { folder }, [[/Delete/, "n"]]);
  const stopped = await runInTerminal(["tenant", "delete", "acme"], { folder }, [
    [/Delete/, "\u0003"],
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
  expect(chosen.code).toBe(0);
  expect(chosen.screen).toContain("is deleted");
  expect(purged.screen).toContain("Removed for good: 1.");
  expect(purged.code).toBe(0);
});
