import { InvalidInputError } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { elapse } from "../suite/elapse.ts";
import { thrownBy } from "../suite/thrown-by.ts";
import type { StartCaches } from "./application-cache-harness.ts";

export function lockTests(start: StartCaches): void {
  it("F101: has one owner in each tenant, and only the owner releases it", async () => {
    const { acme, globex, run, tenantCache, globalCache } = await start();

    await run(acme, async () => {
      const [mine, other] = [tenantCache().lock("report"), tenantCache().lock("report")];
      expect(await mine.acquire()).toBe(true);
      expect([await other.acquire(), await other.release(), await other.extend()]).toEqual([
        false,
        false,
        false,
      ]);
      await run(globex, async () => {
        const ofGlobex = tenantCache().lock("report");
        expect(await ofGlobex.acquire()).toBe(true);
        expect(await tenantCache().lock("report", { owner: mine.owner }).release()).toBe(false);
      });
      expect(await globalCache().lock("report").acquire()).toBe(true);
      await tenantCache().clear();
      expect(await other.acquire()).toBe(false);

      const elsewhere = tenantCache().lock("report", { owner: mine.owner });
      expect([await elsewhere.release(), await mine.release()]).toEqual([true, false]);
      expect(await other.acquire()).toBe(true);
    });
  });

  it("F101: is free again when its time is over, and then not the old owner's", async () => {
    const { acme, run, tenantCache } = await start();

    await run(acme, async () => {
      const old = tenantCache().lock("report", { ttl: 30 });
      expect(await old.acquire()).toBe(true);
      await elapse(80);
      expect([await old.extend(), await old.release()]).toEqual([false, false]);
      const next = tenantCache().lock("report", { ttl: 60_000 });
      expect(await next.acquire()).toBe(true);
      expect([await old.release(), await old.extend(), await old.acquire()]).toEqual([
        false,
        false,
        false,
      ]);
      expect(await next.release()).toBe(true);
    });
  });

  it("F101: is held longer by its owner", async () => {
    const { acme, run, tenantCache } = await start();

    await run(acme, async () => {
      const short = tenantCache().lock("report", { ttl: 1_000 });
      const long = tenantCache().lock("report", { ttl: 60_000, owner: short.owner });
      expect(await short.acquire()).toBe(true);
      expect(await long.extend()).toBe(true);
      await elapse(1_050);
      expect(await tenantCache().lock("report").acquire()).toBe(false);
    });
  });

  it("gives each a turn who waits, one at a time", async () => {
    const { acme, run, tenantCache } = await start();
    let [inside, most] = [0, 0];

    const work = (turn: number) =>
      tenantCache()
        .lock("report")
        .run(async () => {
          inside += 1;
          most = Math.max(most, inside);
          await elapse(2);
          inside -= 1;
          return turn;
        }, 20_000);
    const done = await run(acme, () => Promise.all([1, 2, 3, 4, 5].map(work)));

    expect(done).toEqual([1, 2, 3, 4, 5]);
    expect(most).toBe(1);
  });

  it("does not begin work while the lock is another's, and gives it back when work fails", async () => {
    const { acme, run, tenantCache } = await start();

    await run(acme, async () => {
      const taken = tenantCache().lock("report");
      await taken.run(async () => {
        expect(
          await thrownBy(() =>
            tenantCache()
              .lock("report")
              .run(() => 1),
          ),
        ).toBe("CACHE_LOCK_TAKEN");
      });
      const failing = tenantCache().lock("report");
      const work = () => {
        throw new InvalidInputError("work", "of this test", "it failed");
      };
      await expect(failing.run(work)).rejects.toThrow("it failed");
      expect(await taken.acquire()).toBe(true);
      expect(await thrownBy(() => taken.acquire(-1))).toBe("INVALID_INPUT");
      const forged = async () => tenantCache().lock("report", { owner: "*" });
      expect(await thrownBy(forged)).toBe("INVALID_INPUT");
    });
  });
}
