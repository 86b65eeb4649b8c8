import { expect, it } from "vitest";
import { elapse } from "../suite/elapse.ts";
import { gate } from "../suite/gate.ts";
import type { MakeWatchedSubject } from "./bootstrapper-harness.ts";

/** Checks that tenants in the same process do not meet. */
export function isolationTests(make: MakeWatchedSubject): void {
  it("C001: gives each tenant its own", async () => {
    const { enter, observe, acme, globex } = await make();

    const first = await enter(acme, async () => observe());
    const second = await enter(globex, async () => observe());
    const again = await enter(acme, async () => observe());

    expect(first).not.toEqual(second);
    expect(again).toEqual(first);
  });

  it("F001: keeps two tenants apart when the one that came first leaves first", async () => {
    const { enter, observe, acme, globex } = await make();
    const alone = {
      acme: await enter(acme, async () => observe()),
      globex: await enter(globex, async () => observe()),
    };
    const [acmeIn, globexIn, acmeOut] = [gate(), gate(), gate()];

    const [inAcme, inGlobex] = await Promise.all([
      enter(acme, async () => {
        const before = await observe();
        acmeIn.open();
        await globexIn.opened;
        return [before, await observe()];
      }).finally(acmeOut.open),
      enter(globex, async () => {
        await acmeIn.opened;
        const before = await observe();
        globexIn.open();
        await acmeOut.opened;
        return [before, await observe()];
      }),
    ]);

    expect(inAcme).toEqual([alone.acme, alone.acme]);
    expect(inGlobex).toEqual([alone.globex, alone.globex]);
  });

  it("F005: keeps many overlapping stays apart", async () => {
    const { enter, observe, acme, globex } = await make();
    const alone = new Map([
      [acme, await enter(acme, async () => observe())],
      [globex, await enter(globex, async () => observe())],
    ]);
    const stays = Array.from({ length: 20 }, (_, index) => (index % 3 === 0 ? acme : globex));

    const observed = await Promise.all(
      stays.map((tenant, index) =>
        enter(tenant, async () => {
          await elapse(index % 5);
          const before = await observe();
          await elapse((20 - index) % 7);
          return [before, await observe()];
        }),
      ),
    );

    expect(observed).toEqual(stays.map((tenant) => [alone.get(tenant), alone.get(tenant)]));
  });

  it("F016: gives nothing where there is no tenant", async () => {
    const { enter, observe, acme } = await make();
    await enter(acme, async () => observe());

    await expect((async () => observe())()).rejects.toHaveProperty("code");
  });
}
