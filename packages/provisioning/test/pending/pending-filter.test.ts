import { describe, expect, it } from "vitest";
import { onlyPending, withoutPending, withPending } from "../../src/index.ts";
import { installation } from "../support/installation.ts";
import { kindOf, listedSlugs } from "./support.ts";

describe("filters", () => {
  it("C109: with, without and only combine with what else is asked", async () => {
    const { join: enter, clock } = installation();
    const tenancy = await enter();
    const { tenants } = tenancy;
    await tenants.pending.fill(1);
    const acme = await tenants.create({ slug: "acme" });
    await tenants.create({ slug: "globex" });
    await tenants.setExpiry(acme.id, clock.now() + 1);
    const expired = { expiredBy: clock.now() + 1 };

    expect(await listedSlugs(tenancy, withPending())).toEqual(["acme", "globex", "pending"]);
    expect(await listedSlugs(tenancy, withoutPending())).toEqual(["acme", "globex"]);
    expect(await listedSlugs(tenancy, onlyPending())).toEqual(["pending"]);
    expect(await listedSlugs(tenancy, withPending(expired))).toEqual(["acme"]);
    expect(await listedSlugs(tenancy, onlyPending(expired))).toEqual([]);
    expect(await listedSlugs(tenancy, withPending({ statuses: ["blocked"] }))).toEqual(["pending"]);
    expect(await listedSlugs(tenancy, onlyPending({ statuses: ["active"] }))).toEqual([]);
    expect(await listedSlugs(tenancy, withoutPending({ statuses: ["active", "pending"] }))).toEqual(
      [...["acme", "globex"]],
    );
  });

  it.each([
    [false, undefined, false],
    [true, undefined, true],
    ...["", "1", "true", true].map((flag) => [false, flag, true] as const),
    ...["0", "false", false, "yes?", 1, null].map((flag) => [true, flag, false] as const),
  ] as const)(
    "C113: with include %s, a flag of %j lists them: %s",
    async (include, flag, isListed) => {
      const { join: enter } = installation();
      const tenancy = await enter({ pending: { include } });
      await tenancy.tenants.pending.fill(1);
      await tenancy.tenants.create({ slug: "acme" });

      const filter = tenancy.tenants.pending.filter(flag);
      const seen: string[] = [];
      await tenancy.runForEach(
        tenancy.store.list(filter),
        ({ slug }) => void seen.push(kindOf(slug)),
      );

      expect(seen.sort()).toEqual(isListed ? ["acme", "pending"] : ["acme"]);
      expect(
        await listedSlugs(tenancy, tenancy.tenants.pending.filter(flag, { statuses: [] })),
      ).toEqual(isListed ? ["pending"] : []);
    },
  );
});
