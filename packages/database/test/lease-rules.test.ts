import { expect, it } from "vitest";
import { Activity } from "../src/connection/pool/activity.ts";
import { LeaseRules } from "../src/connection/pool/lease-rules.ts";
import { Leases } from "../src/connection/pool/leases.ts";
import { Places } from "../src/connection/pool/places.ts";
import { startPool } from "./start-pool.ts";

it.each([
  [1, [1, 1, 1, 1]],
  [2, [1, 2, 2, 2]],
  [5, [4, 5, 5, 5]],
  [6, [4, 5, 6, 6]],
  [39, [37, 38, 39, 39]],
  [40, [36, 38, 40, 40]],
] as const)("of %i connections keeps the last for those who hold some already", (limit, most) => {
  const rules = new LeaseRules(new Places(limit), new Leases(), new Activity(Date.now), limit);

  expect(most.map((_, depth) => rules.most(depth))).toEqual(most);
});

it.each([
  [3, 2],
  [4, 2],
  [10, 6],
])(
  "of %i connections lends %i to one tenant while another asked lately",
  async (connections, most) => {
    const { lease, use } = startPool({ connections });
    await use("other");

    const flood = Array.from({ length: connections }, () => lease("flood").catch(() => undefined));
    const leases = (await Promise.all(flood)).filter((one) => one !== undefined);

    expect(leases).toHaveLength(most);
    for (const one of leases) await one.release();
  },
);

it("lets background work have the only connection there is", async () => {
  const { use, lease } = startPool({ connections: 1 });
  await use("acme");

  await (await lease("acme", { lane: "bulk" })).release();
});
