import { describe, expect, it } from "vitest";
import { installation } from "../support/installation.ts";
import { journalOf } from "../support/journal-of.ts";
import { codeThrownBy } from "../support/thrown-by.ts";
import { kindOf } from "./support.ts";

describe("events", () => {
  it("C114: tell of each that is made and pulled, before and after", async () => {
    const { join: enter } = installation();
    const tenancy = await enter();
    const told: string[] = [];
    const { events, tenants } = tenancy;
    events.on("pendingCreating", ({ input }) => void told.push(`creating ${kindOf(input.slug)}`));
    events.on("pendingCreated", ({ tenant }) => void told.push(`created ${tenant.status}`));
    events.on("pendingPulling", ({ tenant, input }) => {
      told.push(`pulling ${kindOf(tenant.slug)} for ${input.slug}`);
    });
    events.on("pendingPulled", ({ tenant }) => void told.push(`pulled ${tenant.slug}`));
    events.on("tenantCreating", ({ input }) => void told.push(`tenantCreating ${input.slug}`));
    events.on("tenantCreated", ({ tenant }) => void told.push(`tenantCreated ${tenant.slug}`));

    await tenants.pending.fill(2);
    await tenants.pending.pull({ slug: "acme" });

    expect(told).toEqual([
      ...["creating pending", "created pending", "creating pending", "created pending"],
      ...["tenantCreating acme", "pulling pending for acme", "tenantCreated acme", "pulled acme"],
    ]);
  });

  it("C114: a listener of pendingCreating that refuses has none made", async () => {
    const { join: enter, registry } = installation();
    const tenancy = await enter();
    tenancy.events.on("pendingCreating", () => false);

    expect(await codeThrownBy(() => tenancy.tenants.pending.fill(1))).toBe("VETOED");
    expect(await journalOf(registry)).toMatchObject({ tenants: [], ledger: [] });
  });
});
