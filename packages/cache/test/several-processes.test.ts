import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { testScale } from "@af-tenancy/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { noRedis, ownPrefix, redisUrl } from "./support/redis.ts";
import { registrySites } from "./support/registry-sites.ts";
import { startProcess } from "./support/start-process.ts";
import { type RegistryPlace, registryAt } from "./workers/registry-at.ts";

// A process without Redis looks every two seconds: in the short run one engine shows it.
const isLong = testScale() >= 1;

describe.each(registrySites)("on $name $missing", ({ name, missing, make }) => {
  const ways = isLong ? [true, false] : [name !== "SQLite"];

  it.skipIf(missing !== "").each(ways)(
    "F032 G13: processes of their own see a suspension and a moved domain, with Redis: %s",
    async (withRedis) => {
      if (withRedis && noRedis !== "") return;
      const place = await make();
      const prefix = withRedis ? ownPrefix() : undefined;
      const here = await startProcess(registryAt(place), {
        cache: prefix === undefined ? {} : { redis: { url: redisUrl, prefix } },
      });
      const { tenants } = here.tenancy;
      const [acme, globex, initech] = await Promise.all(
        ["acme", "globex", "initech"].map((slug) =>
          tenants.create({ slug, domains: [`${slug}.test`] }),
        ),
      );
      const others = await Promise.all(
        Array.from({ length: isLong ? 3 : 1 }, () => startOther(place, prefix)),
      );
      const all = (...expected: readonly (string | undefined)[]) =>
        Promise.all(others.map(({ next }) => next(expected.join(" "))));
      await all(acme?.id, globex?.id, initech?.id);

      await tenants.suspend(initech?.id ?? "", { graceMs: 0 });
      await tenants.update(acme?.id ?? "", { domains: [] });
      await tenants.update(globex?.id ?? "", { domains: ["acme.test"] });
      await all(globex?.id, "TENANT_NOT_FOUND", "TENANT_SUSPENDED");

      // On the way it may have seen the domain as nobody's, but nothing that it saw came back.
      expect(others.map(({ seen }) => new Set(seen()).size)).toEqual(
        others.map(({ seen }) => seen().length),
      );
    },
  );
});

/** A process that asks for both hosts all the time and prints what it is answered whenever that changes. */
async function startOther(place: RegistryPlace, prefix: string | undefined) {
  const file = fileURLToPath(new URL("./workers/asking-process.ts", import.meta.url));
  const orders = JSON.stringify({ place, prefix, redisUrl });
  const child: ChildProcess = spawn(process.execPath, ["--no-warnings", file, orders], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(async () => {
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  });
  const seen: string[] = [];
  let told: () => void = () => undefined;
  if (child.stdout === null) throw new RangeError("it prints nowhere");
  createInterface(child.stdout).on("line", (line) => {
    seen.push(line);
    told();
  });
  return {
    async next(expected: string): Promise<void> {
      while (seen.at(-1) !== expected) {
        await new Promise<void>((resolve) => {
          told = resolve;
        });
      }
    },
    seen: () => seen,
  };
}
