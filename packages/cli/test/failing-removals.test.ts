import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { config } from "./support/application.ts";
import { fileOf } from "./support/migrated.ts";
import { applicationHere, jsonHere, runHere } from "./support/run-here.ts";

it("F139: a purge tells whose database is still there, ends with 3 or 1, and forgets him only where that was said", async () => {
  const folder = await applicationHere();
  for (const slug of ["acme", "globex"]) await runHere(["tenant", "create", slug], folder);
  obstruct(await fileOf(folder, "globex"));
  const purge = async (...argv: string[]) => {
    const words = ["tenant", "purge", ...argv, "--skip-grace"];
    const { stdout: plan } = await runHere([...words, "--dry-run", "--quiet"], folder);
    return runHere([...words, "--yes", "--plan", plan.trim()], folder);
  };

  const some = await purge("acme", "globex");
  const none = await purge("globex");
  const left = await purge("globex", "--leave-database");

  expect([some.code, some.stdout]).toEqual([3, expect.stringContaining("globex is still there: ")]);
  expect(some.stdout).toContain("Removed for good: 1.");
  expect(some.stdout).toMatch(/because: .* belongs to nobody known/);
  expect([none.code, none.stdout]).toEqual([1, expect.stringContaining("Removed for good: 0.")]);
  expect([left.code, left.stdout]).toEqual([0, "Removed for good: 1.\n"]);
});

it("F139: what empties the pool of pending tenants tells whose database is still there, and ends with 3 or 1", async () => {
  const folder = await applicationHere();
  const fill = async (count: number) => {
    await runHere(["tenant", "pending", "fill", `${count}`], folder);
    const { tenants } = (await jsonHere(["tenant", "pending", "list"], folder)) as Pending;
    return join(folder, `data/${tenants[0]?.placement.name}.sqlite`);
  };
  const clear = () => runHere(["tenant", "pending", "clear", "--yes"], folder);

  obstruct(await fill(2));
  const some = await clear();
  obstruct(await fill(1));
  const none = await clear();

  for (const { stdout } of [some, none]) {
    expect(stdout).toContain("PROVISIONING_FAILED");
    expect(stdout).toMatch(/because: .* belongs to nobody known/);
  }
  expect([some.code, some.stdout]).toEqual([3, expect.stringContaining("tenants: 2 -> 0.")]);
  expect([none.code, none.stdout]).toEqual([1, expect.stringContaining("tenants: 1 -> 0.")]);
});

it("F139: a purge of who is being purged ends with 4, for somebody else is at it", async () => {
  const slow = 'purging: [{ name: "slow", run: () => new Promise((go) => setTimeout(go, 3_000)) }]';
  const folder = await applicationHere({ "tenancy.config.ts": config(slow) });
  await runHere(["tenant", "create", "acme"], folder);
  const purge = async () => {
    const words = ["tenant", "purge", "acme", "--skip-grace"];
    const { stdout: plan } = await runHere([...words, "--dry-run", "--quiet"], folder);
    return runHere([...words, "--yes", "--plan", plan.trim()], folder);
  };

  const first = purge();
  await vi.waitFor(
    async () => {
      const { stdout } = await runHere(["tenant", "status", "acme", "--quiet"], folder);
      expect(stdout).toBe("deleting\n");
    },
    { timeout: 10_000 },
  );
  const second = await purge();

  expect([second.code, second.stdout]).toEqual([4, expect.stringContaining("acme is still there")]);
  expect((await first).code).toBe(0);
});

interface Pending {
  readonly tenants: readonly { readonly placement: { readonly name: string } }[];
}

/** Puts a folder where the file was, which is not dropped. */
function obstruct(path: string): void {
  rmSync(path);
  mkdirSync(join(path, "in the way"), { recursive: true });
}
